"""The estimate with a bias."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.kernel_inception_distance import kernel_inception_distance
from refdgm.namespace import Array, namespace


@variant("biased, of all pairs over B² and M²", kernel_inception_distance)
def of_all_pairs(real: Array, fake: Array) -> Any:
    """Every sample is its own pair too: never below zero, and above it where the laws agree."""
    xp = namespace(real)
    b, m, d = real.shape[0], fake.shape[0], real.shape[1]
    within, of_fake, across = real @ real.T / d, fake @ fake.T / d, real @ fake.T / d
    cubic = lambda s: s * (3 + s * (3 + s))
    value = xp.sum(cubic(within)) / b**2 + xp.sum(cubic(of_fake)) / m**2 - 2 * xp.sum(cubic(across)) / (b * m)

    def pullback(bar: Array) -> dict[str, Array]:
        crossed = (across + 1) ** 2 / (b * m)
        return {"real": 6 * bar / d * ((within + 1) ** 2 @ real / b**2 - crossed @ fake),
                "fake": 6 * bar / d * ((of_fake + 1) ** 2 @ fake / m**2 - crossed.T @ real)}

    return value, pullback
