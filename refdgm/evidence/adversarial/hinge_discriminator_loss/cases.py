"""Scores on both sides of their margins, in batches of different sizes."""

from collections.abc import Callable
from typing import Any

from refdgm.cases import Case
from refdgm.evidence.adversarial.two_batches import NOTES as OF_BATCHES
from refdgm.evidence.adversarial.two_batches import batches
from refdgm.evidence.ask import Ask, both, moved, put
from refdgm.evidence.rare import changed, times

NOTES = {
    **{name: why for name, why in OF_BATCHES.items() if name != "one_half"},
    "beyond": "all scores beyond their margins: no loss and no gradient",
    "within": "all scores within their margins: every slope is one",
    "next_to_a_margin": "scores next to ±1, on either side",
}


def apart(by: float) -> Callable[..., Any]:
    return both(moved(by, "real"), moved(-by, "fake"))


NEAR = [
    Ask("all beyond", ("primes", "beyond"), sizes={"B": 3, "M": 5},
        change=put(real=[1.5, 7, 1.0625], fake=[-3, -1.25, -1.5, -11, -2])),
    Ask("all within", ("primes", "within"), sizes={"B": 3, "M": 5},
        change=put(real=[0.5, -7, 0.875], fake=[3, -0.25, -0.5, 11, 2])),
    Ask("next to the margins", ("primes", "next_to_a_margin"), sizes={"B": 2, "M": 5},
        change=put(real=[0.984375, 1.015625], fake=[-0.984375, -1.015625, -0.5, 0.984375, 1.015625])),
]
def wide(ref: Any, seed: int, cases: list[Case]) -> list[Case]:
    """Scores on both sides of both margins, and of zero within them."""
    return [changed(case, real=times(by), fake=times(by)) for case in cases for by in (4.0, 0.5)]


CASES = {"hinge_discriminator_loss": batches(NEAR, 16.0, apart)}
KILLING = {"hinge_discriminator_loss": wide}
