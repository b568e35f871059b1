"""The objectives of a process, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.continuous_score_matching import continuous_score_matching
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.sde_coefficients import sde_coefficients


@rewrite(continuous_score_matching)
def as_noise_prediction(score: Any, eps: Any, t: Any, low: Any, high: Any, *, process: str, weighting: str) -> Any:
    """w ‖ε − ε_hat‖² with ε_hat = −ς s, w = ½, ½ g²/ς², ½/ς²."""
    std = perturbation_kernel.body(t, low, high, process=process)[0][1]
    g = sde_coefficients.body(t, low, high, process=process)[0][1]
    each = (-1,) + (1,) * (score.ndim - 1)
    weight = {"std2": 0.5 + 0 * t, "diffusion2": (g / std) ** 2 / 2, "one": 1 / (2 * std * std)}[weighting]
    apart = eps - (-std.reshape(each) * score)

    def pullback(bar: Any) -> dict[str, Any]:
        predicted_bar = -2 * (bar * weight).reshape(each) * apart
        return {"score": -std.reshape(each) * predicted_bar}

    return weight * np.sum(apart**2, axis=tuple(range(1, score.ndim))), pullback
