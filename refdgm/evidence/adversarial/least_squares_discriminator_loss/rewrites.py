"""The squares of a discriminator, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.least_squares_discriminator_loss import least_squares_discriminator_loss
from refdgm.evidence.declare import rewrite


@rewrite(least_squares_discriminator_loss)
def with_labels(real: Any, fake: Any) -> Any:
    """Both batches as one, with labels and weights."""
    off = np.concatenate([real, fake]) - np.concatenate([np.ones_like(real), np.zeros_like(fake)])
    weight = np.concatenate([np.ones_like(real) / len(real), np.ones_like(fake) / len(fake)])

    def pullback(bar: Any) -> dict[str, Any]:
        slope = bar * (weight * off)
        return {"real": slope[:len(real)], "fake": slope[len(real):]}

    return np.sum(weight * off**2) / 2, pullback
