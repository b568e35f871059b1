"""Known ways to get the references wrong, each a body that runs: the tests of the tests.

A mistake is wrong consistently (a wrong equation, rightly differentiated) or only in its gradient. What is a
convention of the field (`Reference.conventions`) is not among them: that is a difference, not an error.
"""

from refdgm.mistakes import (
    codebook,
    guidance,
    gumbel,
    kl,
    langevin,
    mixture,
    neural_ode,
    perceptron,
    score,
)
from refdgm.mistakes.mistake import Mistake, roles

MISTAKES: dict[str, Mistake] = {
    entry.name: entry
    for family in (
        kl,
        perceptron,
        gumbel,
        codebook,
        score,
        guidance,
        neural_ode,
        langevin,
        mixture,
    )
    for entry in vars(family).values()
    if isinstance(entry, Mistake)
}


def of(reference: str) -> list[Mistake]:
    """The mistakes of one reference, by its name."""
    return [entry for entry in MISTAKES.values() if entry.reference == reference]


__all__ = ["MISTAKES", "Mistake", "of", "roles"]
