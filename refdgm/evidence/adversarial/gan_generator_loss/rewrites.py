"""What a generator is trained with, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.gan_generator_loss import gan_generator_loss
from refdgm.evidence.declare import rewrite
from refdgm.primitives.softplus import log_sigmoid, softplus


@rewrite(gan_generator_loss)
def by_logarithms(fake: Any, *, objective: str) -> Any:
    """log σ(±a) and its exponential."""
    (up, up_slope), (down, down_slope) = log_sigmoid.body(fake), softplus.body(fake)
    if objective == "minimax":
        return -down, lambda bar: {"fake": down_slope(-bar)["x"]}
    if objective == "non_saturating":
        return -up, lambda bar: {"fake": up_slope(-bar)["x"]}
    return -np.exp(up), lambda bar: {"fake": -bar * np.exp(up - down)}


@rewrite(gan_generator_loss)
def by_hyperbolic_functions(fake: Any, *, objective: str) -> Any:
    """σ = (1 + tanh(a/2))/2, whose slope is 1/(4 cosh²(a/2))."""
    half = fake / 2
    if objective == "probability":
        return -(1 + np.tanh(half)) / 2, lambda bar: {"fake": -bar / (4 * np.cosh(half) ** 2)}
    sign = 1 if objective == "minimax" else -1
    loss = -sign * np.logaddexp(0, sign * fake).astype(fake.dtype)
    return loss, lambda bar: {"fake": -bar * (1 + sign * np.tanh(half)) / 2}
