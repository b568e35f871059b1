"""The score from a velocity, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example
from refdgm.flow.score_from_velocity import score_from_velocity


@rewrite(score_from_velocity)
def from_the_predicted_noise(xt: Any, velocity: Any, t: Any) -> Any:
    """−x_hat₀ / (1 − t) of the noise x_hat₀ = x_t − t v, by the chain rule."""
    noise, left = xt - every(t, xt) * velocity, 1 - t

    def pullback(bar: Any) -> dict[str, Any]:
        noise_bar = -bar / every(left, xt)
        left_bar = per_example(bar * noise) / left**2
        return {"xt": noise_bar, "velocity": -every(t, xt) * noise_bar,
                "t": -per_example(noise_bar * velocity) - left_bar}

    return -noise / every(left, xt), pullback


@rewrite(score_from_velocity)
def by_ratios(xt: Any, velocity: Any, t: Any) -> Any:
    """r v − (1 + r) x_t with the ratio r = t/(1 − t), whose slope is (1 + r)²."""
    r = t / (1 - t)

    def pullback(bar: Any) -> dict[str, Any]:
        r_bar = np.einsum("bd,bd->b", *(x.reshape(len(t), -1) for x in (bar, velocity - xt)))
        return {"xt": -every(1 + r, xt) * bar, "velocity": every(r, xt) * bar, "t": (1 + r) ** 2 * r_bar}

    return every(r, xt) * velocity - every(1 + r, xt) * xt, pullback
