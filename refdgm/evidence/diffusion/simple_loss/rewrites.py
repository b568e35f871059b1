"""The simple loss, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.simple_loss import simple_loss
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every


@rewrite(simple_loss)
def by_the_einstein_sum(prediction: Any, x0: Any, eps: Any, alpha_prod: Any, *, target: str) -> Any:
    """The residual of v by components of p + √(1 − ᾱ) x₀ − √ᾱ ε, squared by einsum."""
    rest = prediction - {"eps": eps, "x0": x0}.get(target, 0)
    if target == "v":
        rest = prediction + every(np.sqrt(1 - alpha_prod), x0) * x0 - every(np.sqrt(alpha_prod), eps) * eps
    rows = rest.reshape(len(rest), -1)
    return np.einsum("bd,bd->b", rows, rows), lambda bar: {"prediction": every(bar, rest) * (rest + rest)}
