"""Guidance in its scale γ, for examples of every rank."""

from typing import Any

from refdgm.evidence.ask import Ask, both, close_to, moved, put, scaled, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS

NOTES = {
    **OF_LEVELS,
    "away": "γ below zero: away from the condition",
    "unconditional": "γ = 0: the prediction with the condition does not count",
    "conditional": "γ = 1: the prediction without the condition does not count, and its gradient is exactly zero",
    "strong": "γ as it is used in practice",
    "huge": "γ = 1024",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def near(by: float, gamma: float) -> Any:
    return both(close_to("eps_cond", "eps_uncond", by), put(gamma=gamma))


LIST = [
    Ask("a drawn γ", sizes=VECTOR),
    Ask("γ = −3/4", ("primes", "away"), sizes=VECTOR, change=put(gamma=-0.75)),
    Ask("γ = 0", ("primes", "unconditional"), sizes=VECTOR, change=put(gamma=0.0)),
    Ask("γ = 1", ("primes", "conditional"), sizes=VECTOR, change=put(gamma=1.0)),
    Ask("γ = 3.5", ("primes", "strong"), sizes=VECTOR, change=put(gamma=3.5)),
    Ask("γ = 7.5", ("primes", "strong"), sizes=VECTOR, change=put(gamma=7.5)),
    Ask("γ = 1024", ("primes", "huge"), sizes=VECTOR, change=put(gamma=1024.0)),
    Ask("images, γ = 7.5", ("image", "strong"), sizes=IMAGE, change=put(gamma=7.5)),
    Ask("images, γ = −3/4", ("image", "away"), sizes=IMAGE, change=put(gamma=-0.75)),
    Ask("images, γ = 3.5, magnitudes from 1e-3 to 20", ("image", "strong", "mixed"), "mixed", IMAGE,
        change=put(gamma=3.5)),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}, change=put(gamma=3.5)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}, change=put(gamma=3.5)),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)},
        change=put(gamma=-0.75)),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}, change=put(gamma=7.5)),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}, change=put(gamma=3.5)),
    Ask("predictions around 30", ("primes", "offset"), "offset", VECTOR, change=put(gamma=3.5)),
    Ask("predictions around 1024", ("primes", "offset"), sizes=VECTOR,
        change=both(moved(1024.0, "eps_cond", "eps_uncond"), put(gamma=7.5))),
    Ask("predictions that nearly agree", ("primes", "near"), "near", VECTOR, change=put(gamma=7.5)),
    Ask("predictions that agree to nine digits", ("primes", "near"), sizes=VECTOR, change=near(2.0**-30, 7.5)),
    Ask("images that agree to six digits, γ = −3/4", ("image", "near", "away"), sizes=IMAGE,
        change=near(2.0**-20, -0.75)),
    Ask("predictions of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR, change=put(gamma=3.5)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR, change=put(gamma=-0.75)),
    Ask("predictions of the order of 15", ("primes", "extreme"), "extreme", VECTOR, change=put(gamma=7.5)),
    Ask("the condition says nothing: a prediction of zero without it", ("primes",), sizes=VECTOR,
        change=both(scaled(0, "eps_uncond"), put(gamma=3.5))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    Ask("numbers of 53 bits that nearly agree", ("primes", "full", "near"), "near", VECTOR, change=thirds),
]

CASES = {"classifier_free_guidance": LIST}
