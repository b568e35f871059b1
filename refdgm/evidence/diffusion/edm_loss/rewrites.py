"""The EDM loss, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.edm_loss import edm_loss
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example


@rewrite(edm_loss)
def of_the_denoised_point(output: Any, x0: Any, eps: Any, sigma: Any, sigma_data: Any) -> Any:
    """The error of D, weighted, differentiated through D."""
    total = sigma**2 + sigma_data**2
    out, weight = sigma * sigma_data / np.sqrt(total), total / (sigma * sigma_data) ** 2
    x = x0 + every(sigma, x0) * eps
    error = every(sigma_data**2 / total, x) * x + every(out, x) * output - x0

    def pullback(bar: Any) -> dict[str, Any]:
        return {"output": every(2 * bar * weight * out, x) * error}

    return weight * per_example(error**2), pullback


@rewrite(edm_loss)
def by_an_angle(output: Any, x0: Any, eps: Any, sigma: Any, sigma_data: Any) -> Any:
    """The target sin φ x₀/σ_d − cos φ ε with φ = arctan(σ/σ_d)."""
    angle = np.arctan2(sigma, sigma_data)
    apart = every(np.sin(angle), x0) * x0 / sigma_data - every(np.cos(angle), x0) * eps - output
    return per_example(apart**2), lambda bar: {"output": -2 * every(bar, x0) * apart}
