"""The EDM denoiser, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.edm_denoiser import edm_denoiser
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(edm_denoiser)
def by_an_angle(x: Any, output: Any, sigma: Any, sigma_data: Any) -> Any:
    """cos φ (cos φ x + σ F) with φ = arctan(σ/σ_d), differentiated by cos φ and σ."""
    cos = np.cos(np.arctan2(sigma, sigma_data))
    inside = every(cos, x) * x + every(sigma, x) * output
    r = np.hypot(sigma, sigma_data)

    def pullback(bar: Any) -> dict[str, Any]:
        of_x, of_output = per_example(bar * x), per_example(bar * output)
        of_cos = (2 * cos * of_x + sigma * of_output) * sigma / r**3
        return {"x": every(cos * cos, x) * bar, "output": every(sigma * cos, x) * bar,
                "sigma": cos * of_output - of_cos * sigma_data, "sigma_data": np.sum(of_cos * sigma)}

    return every(cos, x) * inside, pullback


@rewrite(edm_denoiser)
def from_the_score(x: Any, output: Any, sigma: Any, sigma_data: Any) -> Any:
    """x − σ times the predicted noise, (σ x/r − σ_d F)/r: Tweedie's formula."""
    r = np.sqrt(sigma**2 + sigma_data**2)
    s, c = sigma / r, sigma_data / r
    noise = every(s / r, x) * x - every(c, x) * output

    def pullback(bar: Any) -> dict[str, Any]:
        of_x, of_output = per_example(bar * x), per_example(bar * output)
        return {"x": bar - every(s * s, x) * bar, "output": every(sigma * c, x) * bar,
                "sigma": c**3 * of_output - 2 * sigma * sigma_data**2 / r**4 * of_x,
                "sigma_data": np.sum(s**3 * of_output + 2 * sigma_data * sigma**2 / r**4 * of_x)}

    return x - every(sigma, x) * noise, pullback
