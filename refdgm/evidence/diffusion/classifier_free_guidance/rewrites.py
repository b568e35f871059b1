"""Classifier-free guidance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.classifier_free_guidance import classifier_free_guidance
from refdgm.evidence.declare import rewrite


@rewrite(classifier_free_guidance)
def as_a_weighted_sum(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """γ ε_c + (1 − γ) ε_u."""
    return gamma * eps_cond + (1 - gamma) * eps_uncond, lambda bar: {
        "eps_cond": bar * gamma,
        "eps_uncond": bar - gamma * bar,
        "gamma": np.sum(bar * eps_cond) - np.sum(bar * eps_uncond),
    }


@rewrite(classifier_free_guidance)
def in_the_other_scale(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """(1 + w) ε_c − w ε_u with w = γ − 1."""
    w = gamma - 1
    return (1 + w) * eps_cond - w * eps_uncond, lambda bar: {
        "eps_cond": (1 + w) * bar,
        "eps_uncond": -w * bar,
        "gamma": np.vdot(bar, eps_cond - eps_uncond),
    }
