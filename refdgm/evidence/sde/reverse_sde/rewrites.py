"""Processes backwards and forwards, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.probability_flow_drift import probability_flow_drift
from refdgm.sde.reverse_sde import equivalent_sde, reverse_sde


def around_the_flow(drift: Any, score: Any, diffusion: Any, noise_scale: Any, sign: float) -> Any:
    """The flow, and half the square of the new diffusion times the score; differentiated step by step."""
    velocity, right = probability_flow_drift.body(drift, score, diffusion)
    each, axes = (-1,) + (1,) * (drift.ndim - 1), tuple(range(1, drift.ndim))
    new = noise_scale * diffusion
    paid = (new**2 / 2).reshape(each)

    def pullback(drift_bar: Any, diffusion_bar: Any) -> dict[str, Any]:
        g = right(drift_bar)
        new_bar = diffusion_bar + sign * new * np.sum(drift_bar * score, axis=axes)
        return {"drift": g["drift"], "score": g["score"] + sign * paid * drift_bar,
                "diffusion": g["diffusion"] + noise_scale * new_bar, "noise_scale": diffusion * new_bar}

    return (velocity + sign * paid * score, new), pullback


@rewrite(reverse_sde)
def flow_and_noise(drift: Any, score: Any, diffusion: Any, noise_scale: Any) -> Any:
    """The velocity of the flow, less ½ n² s for the noise n that is added."""
    return around_the_flow(drift, score, diffusion, noise_scale, -1.0)


@rewrite(equivalent_sde, name="flow_and_noise")
def flow_and_noise_forwards(drift: Any, score: Any, diffusion: Any, noise_scale: Any) -> Any:
    """The velocity of the flow, and ½ n² s for the noise n that is added."""
    return around_the_flow(drift, score, diffusion, noise_scale, 1.0)
