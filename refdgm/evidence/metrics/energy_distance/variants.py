"""Without the diagonals, and its root."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.energy_distance import energy_distance
from refdgm.namespace import Array, namespace
from refdgm.numerics.directions import directions

BODY = energy_distance.body


@variant("unbiased, of pairs of two points alone", energy_distance)
def of_others(real: Array, fake: Array) -> Any:
    """Over B(B − 1) and M(M − 1): of either sign, and in the mean the distance of the laws. Of a single point there is
    no pair, and nothing is taken off for it."""
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    value, right = BODY(real, fake)
    less = lambda n: 1 / max(n - 1, 1) - 1 / n if n > 1 else 0.0  # 1/(n(n − 1)) − 1/n², times n
    (of_real, to_real), (of_fake, to_fake) = directions(real, real), directions(fake, fake)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"real": g["real"] - 2 * bar * less(b) / b * xp.sum(to_real, axis=1),
                "fake": g["fake"] - 2 * bar * less(m) / m * xp.sum(to_fake, axis=1)}

    return value - less(b) / b * xp.sum(of_real) - less(m) / m * xp.sum(of_fake), pullback


@variant("its root, a metric of laws", energy_distance)
def rooted(real: Array, fake: Array) -> Any:
    """√E, as scipy has it of numbers on a line."""
    xp = namespace(real)
    value, right = BODY(real, fake)
    root = xp.sqrt(xp.where(value > 0, value, xp.zeros_like(value)))
    return root, lambda bar: right(bar / (2 * xp.where(root > 0, root, xp.ones_like(root))))
