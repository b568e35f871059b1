"""The path, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example
from refdgm.flow.flow_matching_path import flow_matching_path


def by(xt: Any, u: Any, x0: Any, t: Any, sigma_min: Any) -> Any:
    """Both, with the pullback in the differences of the two ends."""
    def pullback(xt_bar: Any, u_bar: Any) -> dict[str, Any]:
        both = every(t, x0) * xt_bar + u_bar
        return {"x0": xt_bar - (1 - sigma_min) * both, "x1": both, "t": per_example(u * xt_bar),
                "sigma_min": per_example(x0 * both).sum()}

    return (xt, u), pullback


@rewrite(flow_matching_path)
def from_the_noise(x0: Any, x1: Any, t: Any, sigma_min: Any) -> Any:
    """x₀ + t u, with u = (x₁ − x₀) + σ x₀."""
    u = (x1 - x0) + sigma_min * x0
    return by(x0 + every(t, x0) * u, u, x0, t, sigma_min)


@rewrite(flow_matching_path)
def from_the_data(x0: Any, x1: Any, t: Any, sigma_min: Any) -> Any:
    """(x₁ + σ x₀) − (1 − t) u."""
    end = x1 + sigma_min * x0
    u = end - x0
    return by(end - every(1 - t, x0) * u, u, x0, t, sigma_min)


@rewrite(flow_matching_path)
def as_one_product(x0: Any, x1: Any, t: Any, sigma_min: Any) -> Any:
    """(x_t, u) as a matrix of two rows times (x₀, x₁), its transpose for the pullback."""
    rest = 1 - sigma_min
    one = np.ones_like(t)
    weights = np.stack([np.stack([1 - rest * t, t]), np.stack([-rest * one, one])])  # (2, 2, B)
    ends = np.stack([x0, x1])
    both = np.einsum("ijb,jb...->ib...", weights, ends)

    def pullback(*bars: Any) -> dict[str, Any]:
        stacked = np.stack(bars)
        ends_bar = np.einsum("ijb,ib...->jb...", weights, stacked)
        weights_bar = np.einsum("ibd,jbd->ijb", *(x.reshape(2, len(t), -1) for x in (stacked, ends)))
        return {"x0": ends_bar[0], "x1": ends_bar[1], "t": weights_bar[0, 1] - rest * weights_bar[0, 0],
                "sigma_min": np.sum(t * weights_bar[0, 0] + weights_bar[1, 0])}

    return (both[0], both[1]), pullback
