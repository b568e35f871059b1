"""Labels of data that are less than one."""

from typing import Any

from refdgm.adversarial.gan_discriminator_loss import gan_discriminator_loss
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace

BODY = gan_discriminator_loss.body


@variant("data are labelled 0.9", gan_discriminator_loss)
def one_sided(real: Array, fake: Array) -> Any:
    """One-sided label smoothing: a tenth of a is added for data."""
    value, right = BODY(real, fake)
    return value + 0.1 * namespace(real).mean(real), lambda bar: (g := right(bar)) | {
        "real": g["real"] + 0.1 * bar / real.shape[0]}
