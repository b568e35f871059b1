"""Scores around their labels, in batches of different sizes."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.adversarial.two_batches import NOTES as OF_BATCHES
from refdgm.evidence.adversarial.two_batches import batches
from refdgm.evidence.ask import Ask, both, moved, put

NOTES = {
    **{name: why for name, why in OF_BATCHES.items() if name != "one_half"},
    "at_the_labels": "scores of 1 and 0: no loss and no gradient",
    "half_way": "scores of one half: what a discriminator that sees nothing says",
}


def apart(by: float) -> Callable[..., Any]:
    return both(moved(by, "real"), moved(-by, "fake"))


NEAR = [
    Ask("at the labels", ("primes", "at_the_labels"), sizes={"B": 3, "M": 5},
        change=put(real=[1, 1, 1], fake=[0, 0, 0, 0, 0])),
    Ask("next to the labels", ("primes", "at_the_labels"), sizes={"B": 3, "M": 5},
        change=put(real=[1 + 2.0**-10, 1 - 2.0**-12, 1], fake=[2.0**-10, 0, 0, -(2.0**-12), 0.125])),
    Ask("half way", ("primes", "half_way"), sizes={"B": 3, "M": 5},
        change=put(real=[0.5, 0.5, 0.5], fake=[0.5, 0.5, 0.5, 0.5, 0.5])),
]
CASES = {"least_squares_discriminator_loss": batches(NEAR, 16.0, apart)}
