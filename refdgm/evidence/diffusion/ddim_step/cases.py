"""Cases of the DDIM step."""

from typing import Any

from refdgm.evidence.ask import Ask, put, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.diffusion.steps import (
    BEFORE_COSINE,
    BEFORE_LATE,
    BEFORE_SMALL,
    COSINE,
    IMAGE,
    LAST,
    LATE,
    MATRIX,
    SMALL,
    VECTOR,
)

NOTES = {
    **OF_LEVELS,
    "last": "ᾱ_s within 1e-3 of 1: the sample nearly becomes data",
    "first_step": "ᾱ_{t−1} of the order of 1e-4: nearly nothing of the data is left in x_t",
    "small_beta": "β of the order of 1e-4 near the data: 1 − ᾱ formed from ᾱ has lost four digits, of seven in float32",
    "large_beta": "β close to 1, as at the end of a cosine schedule",
    "deterministic": "η = 0: no noise enters, and η_bar is ⟨x_bar, z⟩ times the deviation alone",
    "ancestral": "η = 1: the ancestral step with the posterior variance",
    "partial": "η between 0 and 1: η, η² and √η differ",
}


def walk(comment: str, eta: float | None, flags: tuple[str, ...] = ("primes",), regime: str = "unit",
         sizes: Any = VECTOR, at: Any = None) -> Ask:
    kind = {None: (), 0.0: ("deterministic",), 1.0: ("ancestral",)}.get(eta, ("partial",))
    return Ask(comment, (*flags, *kind), regime, sizes, {}, put(**(at or {}), **({} if eta is None else {"eta": eta})))


def times(beta: list[float], before: list[float]) -> dict[str, list[float]]:
    return {"beta": beta, "alpha_prod_prev": before}


NEARLY = [1 - 2.0**-12, 1 - 2.0**-14, 1 - 2.0**-16, 1 - 2.0**-18, 1 - 2.0**-20]
WIDE_BETA = [0.3, 0.5, 0.7, 0.9, 0.99]
BEFORE_WIDE = [0.99, 0.9, 0.6, 0.2, 0.01]
# No case of ᾱ_s = 1: there the square roots of the definition have no slope in η for automatic differentiation
# (0 · ∞), though the value does not depend on η. tests/stress/sampling.py asks for it.
DDIM = [
    walk("a drawn η", None),
    walk("η = 0", 0.0),
    walk("η = 1", 1.0),
    walk("η = 1/4", 0.25),
    walk("η = 3/4", 0.75),
    walk("nearly the last step, η = 1/4", 0.25, ("primes", "last"), at=times(LAST, NEARLY)),
    walk("nearly the last step, η = 1", 1.0, ("primes", "last"), at=times(LAST, NEARLY)),
    walk("short steps near the data, η = 0", 0.0, ("primes", "small_beta"), at=times(SMALL, BEFORE_SMALL)),
    walk("short steps near the data, η = 3/4", 0.75, ("primes", "small_beta"), at=times(SMALL, BEFORE_SMALL)),
    walk("the first steps, η = 1/2", 0.5, ("primes", "first_step"), at=times(LATE, BEFORE_LATE)),
    walk("the first steps, η = 0", 0.0, ("primes", "first_step"), at=times(LATE, BEFORE_LATE)),
    walk("few steps, as samplers take them, η = 0", 0.0, ("primes", "large_beta"), at=times(WIDE_BETA, BEFORE_WIDE)),
    walk("few steps, as samplers take them, η = 1/2", 0.5, ("primes", "large_beta"),
         at=times(WIDE_BETA, BEFORE_WIDE)),
    walk("the end of a cosine schedule, η = 3/4", 0.75, ("primes", "large_beta"), at=times(COSINE, BEFORE_COSINE)),
    walk("matrices", 0.5, sizes=MATRIX),
    walk("numbers around 30", 0.25, ("primes", "offset"), "offset"),
    walk("magnitudes from 1e-3 to 20", 0.75, ("primes", "mixed"), "mixed"),
    walk("numbers of the order of 1e-5", 0.5, ("primes", "tiny"), "tiny"),
    walk("as many components as examples", 0.5, ("square",), sizes={"B": 3, "...": (3,)}),
    walk("square images, as many as pixels in a row", 0.75, ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    walk("images, η = 0", 0.0, ("image",), sizes=IMAGE),
    walk("images, η = 1/2", 0.5, ("image",), sizes=IMAGE),
    walk("one number an example", 0.75, ("no_axes",), sizes={"B": 5, "...": ()}),
    walk("one example", 0.25, ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"ddim_step": DDIM}
