"""The hinge loss of a discriminator, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.hinge_discriminator_loss import hinge_discriminator_loss
from refdgm.evidence.declare import rewrite


@rewrite(hinge_discriminator_loss)
def of_minima(real: Any, fake: Any) -> Any:
    """−mean min(0, a − 1) − mean min(0, −b − 1), as the paper has it, with its sign turned."""
    low, high = np.minimum(0, real - 1), np.minimum(0, -fake - 1)
    value = -(np.sum(low) / len(real) + np.sum(high) / len(fake))
    return value, lambda bar: {"real": np.where(low < 0, -bar / len(real), 0).astype(real.dtype),
                               "fake": np.where(high < 0, bar / len(fake), 0).astype(fake.dtype)}
