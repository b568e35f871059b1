"""The distance of order two."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.wasserstein_distance_1d import wasserstein_distance_1d
from refdgm.namespace import Array, namespace


@variant("of order two, its square", wasserstein_distance_1d)
def squared(real: Array, fake: Array) -> Any:
    """∫ (F⁻¹ − G⁻¹)² of the quantiles, as the sum over slices has it."""
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    at, to = xp.argsort(real, stable=True), xp.argsort(fake, stable=True)
    apart = xp.repeat(xp.take(real, at), m) - xp.repeat(xp.take(fake, to), b)
    back = lambda sums, order: xp.take(sums, xp.argsort(order, stable=True))

    def pullback(bar: Array) -> dict[str, Array]:
        slopes = 2 * bar * apart / (b * m)
        return {"real": back(xp.sum(xp.reshape(slopes, (b, m)), axis=1), at),
                "fake": back(-xp.sum(xp.reshape(slopes, (m, b)), axis=1), to)}

    return xp.mean(apart * apart), pullback
