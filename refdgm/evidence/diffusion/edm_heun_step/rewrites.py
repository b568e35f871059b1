"""Heun's step between noise levels, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(edm_heun_step)
def slope_by_slope(x: Any, denoised: Any, denoised_next: Any, sigma: Any, sigma_next: Any) -> Any:
    """Two slopes and their mean, as the algorithm has it, and the chain rule line by line."""
    s, t = every(sigma, x), every(sigma_next, x)
    first = (x - denoised) / s
    euler = x + (t - s) * first
    second = (euler - denoised_next) / t

    def pullback(bar: Any) -> dict[str, Any]:
        mean_bar, width_bar = (t - s) * bar, (first + second) / 2 * bar
        euler_bar = mean_bar / 2 / t
        first_bar = mean_bar / 2 + (t - s) * euler_bar
        width_bar = width_bar + euler_bar * first
        return {
            "x": bar + euler_bar + first_bar / s, "denoised": -first_bar / s, "denoised_next": -euler_bar,
            "sigma": per_example(-width_bar - first_bar * first / s),
            "sigma_next": per_example(width_bar - euler_bar * second),
        }

    return x + (t - s) * (first + second) / 2, pullback


@rewrite(edm_heun_step)
def example_by_example(x: Any, denoised: Any, denoised_next: Any, sigma: Any, sigma_next: Any) -> Any:
    """A weight for each of the three, one example after the other."""
    each = []
    for s, t in zip(sigma, sigma_next, strict=True):
        q = t / s
        each.append((q, (1 - q) * (2 - 1 / q) / 2, (1 - q) / q / 2))
    value = [a * x[i] + b * denoised[i] + c * denoised_next[i] for i, (a, b, c) in enumerate(each)]

    def pullback(bar: Any) -> dict[str, Any]:
        slopes = [np.sum(bar[i] * (x[i] - denoised[i] - (denoised_next[i] - denoised[i]) / (2 * q * q)))
                  for i, (q, _, _) in enumerate(each)]
        of_x, of_first, of_second = (np.asarray([one[k] for one in each]).astype(x.dtype) for k in range(3))
        slope = np.asarray(slopes).astype(x.dtype)
        return {"x": every(of_x, x) * bar, "denoised": every(of_first, x) * bar,
                "denoised_next": every(of_second, x) * bar, "sigma": -of_x * slope / sigma, "sigma_next": slope / sigma}

    return (np.stack(value) if value else np.zeros_like(x)), pullback
