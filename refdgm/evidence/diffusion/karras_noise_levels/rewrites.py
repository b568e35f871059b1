"""The levels of noise, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.karras_noise_levels import geometric_noise_levels, karras_noise_levels
from refdgm.evidence.declare import rewrite


@rewrite(karras_noise_levels)
def by_a_ramp(sigma_min: Any, sigma_max: Any, rho: Any, *, steps: int) -> Any:
    """Roots along a ramp from 0 to 1, as it is printed."""
    ramp = np.linspace(0, 1, steps)
    first, last = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return (first + ramp * (last - first)) ** rho


@rewrite(karras_noise_levels)
def from_the_last(sigma_min: Any, sigma_max: Any, rho: Any, *, steps: int) -> Any:
    """Upwards from the last, by logarithms, and turned round."""
    up = np.linspace(1, 0, steps)[::-1] if steps > 1 else np.ones(1)
    first, last = np.exp(np.log(sigma_max) / rho), np.exp(np.log(sigma_min) / rho)
    return np.exp(rho * np.log(up * first + (1 - up) * last))[::-1]


@rewrite(geometric_noise_levels)
def by_logarithms(sigma_min: Any, sigma_max: Any, *, steps: int) -> Any:
    """e to the power of equal steps."""
    return np.exp(np.linspace(np.log(sigma_max), np.log(sigma_min), steps))


@rewrite(geometric_noise_levels)
def one_factor_after_the_other(sigma_min: Any, sigma_max: Any, *, steps: int) -> Any:
    """Each level is the one before times the factor."""
    factor = (sigma_min / sigma_max) ** (1 / max(steps - 1, 1))
    return np.cumprod(np.array([sigma_max] + [factor] * (steps - 1)))
