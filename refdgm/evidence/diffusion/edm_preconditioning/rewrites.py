"""The four coefficients, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.edm_preconditioning import edm_preconditioning
from refdgm.evidence.declare import rewrite


@rewrite(edm_preconditioning)
def by_an_angle(sigma: Any, sigma_data: Any) -> Any:
    """With φ = arctan(σ/σ_d): cos² φ, σ_d sin φ, cos φ/σ_d; differentiated by φ."""
    d, angle = sigma_data, np.arctan2(sigma, sigma_data)
    cos, sin = np.cos(angle), np.sin(angle)

    def pullback(skip_bar: Any, out_bar: Any, inward_bar: Any, noise_bar: Any) -> dict[str, Any]:
        turned = -2 * cos * sin * skip_bar + d * cos * out_bar - sin / d * inward_bar
        held = sin * out_bar - cos / d**2 * inward_bar
        slope = cos / d * cos
        of_data = held - turned * slope * sigma / d
        return {"sigma": turned * slope + noise_bar / sigma / 4, "sigma_data": np.sum(of_data)}

    return (cos**2, d * sin, cos / d, 0.25 * np.log(sigma)), pullback


@rewrite(edm_preconditioning)
def by_the_total_variance(sigma: Any, sigma_data: Any) -> Any:
    """The formulas as they are printed, differentiated through the total variance."""
    total = sigma**2 + sigma_data**2
    root = np.sqrt(total)

    def pullback(skip_bar: Any, out_bar: Any, inward_bar: Any, noise_bar: Any) -> dict[str, Any]:
        shared = inward_bar / (root * total)
        of_sigma = (-2 * sigma * sigma_data**2 / total**2 * skip_bar + sigma_data**3 / total**1.5 * out_bar
                    - sigma * shared + 0.25 * noise_bar / sigma)
        of_data = (2 * sigma_data * sigma**2 / total**2 * skip_bar + sigma**3 / total**1.5 * out_bar
                   - sigma_data * shared)
        return {"sigma": of_sigma, "sigma_data": np.sum(of_data)}

    return (sigma_data**2 / total, sigma * sigma_data / root, 1 / root, np.log(sigma) / 4), pullback
