"""Levels of noise and steps of a schedule; the forward process and the conversions between predictions: one list, for
they are one kind of formula."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.ask import Arrays, Ask, put

NOTES = {
    "clean": "ᾱ near one, as in the first steps: 1 − ᾱ is small",
    "noisy": "ᾱ near zero, as in the last steps: the signal is small",
    "halfway": "ᾱ = ½: √ᾱ and √(1 − ᾱ) are the same, so that what exchanges them is not seen",
    "triangle": "ᾱ = 9/25 as float32 has it: the roots are nearly 0.6 and 0.8",
    "whole": "the steps of one example each: from nearly clean to nearly noise",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
CLEAN = [1 - 2.0**-k for k in (10, 12, 13, 16, 20)]
NOISY = [2.0**-k for k in (8, 10, 12, 14, 15)]
WHOLE = [0.9999, 0.98, 0.5, 0.08, 0.00004]
HALF = [0.5, 0.5, 0.5, 0.5, 0.5]


def thirds(arrays: Arrays) -> Arrays:
    """Arrays of more than one axis by three; ᾱ keeps its place in (0, 1) by two thirds."""
    return {name: x / 3 if x.ndim > 1 or "cotangent" in name else 2 * x / 3 for name, x in arrays.items()}


def at(alpha_prod: list[float]) -> Any:
    return put(alpha_prod=alpha_prod)


LIST = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("the first steps", ("primes", "clean"), sizes=VECTOR, change=at(CLEAN)),
    Ask("images of the first steps", ("image", "clean"), sizes=IMAGE, change=at(CLEAN)),
    Ask("the last steps", ("primes", "noisy"), sizes=VECTOR, change=at(NOISY)),
    Ask("images of the last steps", ("image", "noisy"), sizes=IMAGE, change=at(NOISY)),
    Ask("from the first to the last", ("primes", "whole", "clean", "noisy"), sizes=VECTOR, change=at(WHOLE)),
    Ask("from the first to the last, images", ("image", "whole"), sizes=IMAGE, change=at(WHOLE)),
    Ask("ᾱ = 9/25", ("triangle",), sizes=VECTOR, change=at([0.36] * 5)),
    Ask("ᾱ = ½", ("halfway",), sizes=VECTOR, change=at(HALF)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("magnitudes from 1e-3 to 20, first and last steps", ("primes", "mixed", "whole"), "mixed", VECTOR,
        change=at(WHOLE)),
    Ask("around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("of the order of 15", ("primes", "extreme"), "extreme", VECTOR, change=at(NOISY)),
    Ask("arrays that nearly agree", ("primes", "near"), "near", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]
SMALL = [2.0**-13, 2.0**-12, 2.0**-11, 2.0**-10, 2.0**-9]
STEPS = [0.0001, 0.0002, 0.01, 0.015, 0.02]
LARGE = [0.5, 0.75, 0.9, 0.97, 0.999]
BEFORE = [0.9999, 0.9995, 0.5, 0.1, 0.0001]
MIDDLE = [0.6, 0.55, 0.45, 0.7, 0.3]
ONE = [1.0] * 5


def steps(beta: list[float], before: list[float]) -> Callable[[Arrays], Arrays]:
    return put(beta=beta, alpha_prod_prev=before)


def exact(arrays: Arrays) -> Arrays:
    return {"input.prediction": 1 * arrays["input.eps"]}
