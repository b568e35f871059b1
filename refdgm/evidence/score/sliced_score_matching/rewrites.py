"""Sliced score matching, written otherwise."""

from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.evidence.declare import rewrite
from refdgm.score.sliced_score_matching import sliced_score_matching, sliced_score_matching_vr


def one_at_a_time(name: str, x: Any, probe: Any, theta: Any, score: Any) -> Any:
    """The mean of the objectives of single directions."""
    count, body = probe.shape[1], CATALOGUE[name].body
    single = [body(x, probe[:, r : r + 1], theta, score=score) for r in range(count)]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar / count) for _, right in single]
        return {
            "x": sum(g["x"] for g in each),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return sum(loss for loss, _ in single) / count, pullback


@rewrite(sliced_score_matching)
def one_direction_at_a_time(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """A network evaluation for each direction; the objectives are averaged."""
    return one_at_a_time("sliced_score_matching", x, probe, theta, score)


@rewrite(sliced_score_matching_vr)
def norm_with_every_direction(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """A network evaluation for each direction, each with the whole norm; the objectives are averaged."""
    return one_at_a_time("sliced_score_matching_vr", x, probe, theta, score)


@rewrite(sliced_score_matching)
def directions_as_examples(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """Every example R times in the batch, with one direction each."""
    b, r, d = probe.shape
    (s, s_dot), right = score.jvp(np.repeat(x, r, axis=0), probe.reshape(b * r, 1, d), theta)
    v = probe.reshape(b * r, d)
    u = np.einsum("nd,nd->n", v, s)
    loss = np.mean((u**2 / 2 + np.einsum("nd,nd->n", v, s_dot[:, 0])).reshape(b, r), axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        each = np.repeat(bar / r, r)[:, None] * v
        g = right(u[:, None] * each, each[:, None, :])
        return {"x": g["x"].reshape(b, r, d).sum(axis=1), "theta": g["theta"]}

    return loss, pullback


@rewrite(sliced_score_matching_vr)
def trace_of_a_product(x: Any, probe: Any, theta: Any, *, score: Any) -> Any:
    """tr (∂s/∂x · mean of v vᵀ), from the whole Jacobian."""
    axes = np.eye(x.shape[1])[None] + 0 * x[:, None, :]
    (s, columns), right = score.jvp(x, axes, theta)                 # columns_{bde} = ∂s_e/∂x_d
    weight = np.swapaxes(probe, 1, 2) @ probe / probe.shape[1]
    loss = np.linalg.norm(s, axis=1) ** 2 / 2 + np.sum(columns * weight, axis=(1, 2))
    return loss, lambda bar: {
        name: g for name, g in right(bar[:, None] * s, bar[:, None, None] * weight).items() if name in ("x", "theta")
    }
