"""The loss of a discriminator, written otherwise."""

from typing import Any

import numpy as np

from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.evidence.declare import rewrite
from refdgm.primitives.softplus import log_sigmoid, softplus


@rewrite(gan_discriminator_loss)
def of_its_two_terms(real: Any, fake: Any) -> Any:
    """Softplus and log-sigmoid, with a cotangent for each example."""
    (up, to_real), (down, to_fake) = log_sigmoid.body(real), softplus.body(fake)

    def pullback(bar: Any) -> dict[str, Any]:
        each = lambda x: bar * np.ones_like(x) / x.shape[0]
        return {"real": to_real(-each(real))["x"], "fake": to_fake(each(fake))["x"]}

    return np.mean(down) - np.mean(up), pullback


@rewrite(gan_discriminator_loss)
def with_labels(real: Any, fake: Any) -> Any:
    """Both batches as one, with labels and weights 1/B, 1/M: softplus(l) − l t, whose slope is D − t."""
    logits = np.concatenate([real, fake])
    label = np.concatenate([np.ones_like(real), np.zeros_like(fake)])
    weight = np.concatenate([np.ones_like(real) / len(real), np.ones_like(fake) / len(fake)])
    sign = 1 - 2 * label
    loss = np.logaddexp(0, sign * logits).astype(logits.dtype)

    def pullback(bar: Any) -> dict[str, Any]:
        slope = bar * weight * sign * (1 + np.tanh(sign * logits / 2)) / 2
        return {"real": slope[:len(real)], "fake": slope[len(real):]}

    return np.sum(weight * loss), pullback
