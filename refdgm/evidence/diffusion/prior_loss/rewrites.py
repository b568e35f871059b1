"""The first and the last term of the bound, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example, size


@rewrite(reconstruction_loss)
def by_standard_deviations(prediction: Any, eps: Any, beta: Any) -> Any:
    """½ z² + log σ + ½ log 2π of every component."""
    ratio = 1 / np.sqrt(1 - beta)
    z = every(ratio, eps) * (eps - prediction)
    value = per_example(z * z / 2 + every(np.log(np.sqrt(beta)), z) + np.log(2 * np.pi) / 2)
    return value, lambda bar: {
        "prediction": -every(bar * ratio, z) * z,
        "beta": bar * (per_example(z * z) * ratio**2 + size(eps) / beta) / 2,
    }


@rewrite(prior_loss)
def by_moments(x0: Any, alpha_prod: Any) -> Any:
    """½ (μ² + σ² − 1 − log σ²) of every component, as it is printed."""
    mean, variance = every(np.sqrt(alpha_prod), x0) * x0, every(1 - alpha_prod, x0) + 0 * x0
    value = per_example(mean**2 + variance - 1 - np.log(variance)) / 2
    return value, lambda bar: {
        "x0": every(bar * np.sqrt(alpha_prod), x0) * mean,
        "alpha_prod": bar * per_example(x0 * x0 - 1 + 1 / variance) / 2,
    }
