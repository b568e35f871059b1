"""Floors of other groups: of an example by itself, and of its latents together."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.free_bits_kl import free_bits_kl
from refdgm.namespace import Array, namespace
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity


def floored(mean: Array, logvar: Array, floor: Array, together: bool) -> Any:
    """The mean over examples of what each is worth, latent by latent or with all of them together."""
    xp, groups = namespace(mean), mean.shape[1] if together else 1
    kl = mean * (mean / 2) + expm1_minus_identity(logvar) / 2
    kl = xp.sum(kl, axis=1, keepdims=True) if together else kl
    paid = xp.astype(kl > groups * floor, mean.dtype)

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar * paid / mean.shape[0]
        return {"mean": each * mean, "logvar": each * xp.expm1(logvar) / 2,
                "floor": bar * groups * xp.sum(1 - paid) / mean.shape[0]}

    return xp.sum(xp.maximum(kl, groups * floor)) / mean.shape[0], pullback


@variant("the floor for every example, not for the mean of the batch", free_bits_kl)
def of_every_example(mean: Array, logvar: Array, floor: Array) -> Any:
    """The mean is taken of what is floored already; never less than this one."""
    return floored(mean, logvar, floor, together=False)


@variant("one floor of Z λ₀ for the sum of an example", free_bits_kl)
def of_the_sum(mean: Array, logvar: Array, floor: Array) -> Any:
    """As in the code of World Models: a latent may carry what others leave."""
    return floored(mean, logvar, floor, together=True)
