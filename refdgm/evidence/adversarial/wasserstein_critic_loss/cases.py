"""Scores of data and samples, in batches of different sizes."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.adversarial.two_batches import NOTES as OF_BATCHES
from refdgm.evidence.adversarial.two_batches import batches
from refdgm.evidence.ask import Ask, both, moved, put

NOTES = {
    **{name: why for name, why in OF_BATCHES.items() if name != "one_half"},
    "same_scores": "one score for all: the loss is zero, its gradients are not",
}


def apart(by: float) -> Callable[..., Any]:
    return both(moved(by, "real"), moved(-by, "fake"))


NEAR = [
    Ask("one score for all", ("primes", "same_scores"), sizes={"B": 3, "M": 5},
        change=put(real=[7, 7, 7], fake=[7, 7, 7, 7, 7])),
]
CASES = {"wasserstein_critic_loss": batches(NEAR, 1024.0, apart)}
