"""Logits of data and samples: told apart, deceived, undecided, in batches of different sizes."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.adversarial.two_batches import NOTES as OF_BATCHES
from refdgm.evidence.adversarial.two_batches import batches
from refdgm.evidence.ask import Ask, both, moved, put

NOTES = {
    **OF_BATCHES,
}


def apart(by: float) -> Callable[..., Any]:
    return both(moved(by, "real"), moved(-by, "fake"))


NEAR = [
    Ask("one_half", ("primes", "one_half"), sizes={"B": 3, "M": 5}, change=put(real=[0, 0, 0], fake=[0, 0, 0, 0, 0])),
    Ask("nearly undecided", ("primes", "one_half"), sizes={"B": 3, "M": 5},
        change=put(real=[2.0**-20, -(2.0**-20), 2.0**-10], fake=[0, 2.0**-30, -0.125, 0.125, -(2.0**-10)])),
]
CASES = {"gan_discriminator_loss": batches(NEAR, 4.0, apart)}
