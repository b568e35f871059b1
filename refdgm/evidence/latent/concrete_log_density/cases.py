"""Points of the simplex under the Concrete distribution: centre, edges and corners, temperatures from 1/100 to 50."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled
from refdgm.evidence.rare import changed

NOTES = {
    "simplex_corner": "one entry is almost one: a draw at a low temperature",
    "simplex_edge": "one entry is 2^−24: the density is far from its mode",
    "simplex_centre": "the point is close to the centre, 1/K each",
    "equal_shares": "ℓ = τ log c up to float32: all of K w are almost one, ℓ_bar is a small difference",
    "uniform_density": "two categories, equal logits, τ = 1: the density is one",
    "cold_density": "the temperature is below one: the density is largest at the corners",
    "hot_density": "the temperature is far above one: the density is large around one point",
    "logistic_pair": "two categories: a logistic variable",
}
SQUARE = {"B": 5, "K": 5}


def corner(arrays: Arrays) -> Arrays:
    """2^−12 in all entries but one of each row."""
    c = np.full_like(arrays["input.c"], 2.0**-12)
    c[np.arange(len(c)), np.argmax(arrays["input.logits"], axis=1)] += 1 - c.shape[1] * 2.0**-12
    return {"input.c": c}


def edge(arrays: Arrays) -> Arrays:
    """The first entry of each row goes to the second, but for 2^−24."""
    c = arrays["input.c"].copy()
    c[:, 1] += c[:, 0] - 2.0**-24
    c[:, 0] = 2.0**-24
    return {"input.c": c}


def mode(arrays: Arrays) -> Arrays:
    logits = arrays["input.tau"] * np.log(arrays["input.c"])
    return {"input.logits": logits.astype(np.float32).astype(np.float64)}


LIST = [
    Ask("plain numbers"),
    Ask("temperature one half", ("primes", "cold_density"), change=put(tau=0.5)),
    Ask("temperature two", change=put(tau=2.0)),
    Ask("temperature one", change=put(tau=1.0)),
    Ask("few examples, many categories", sizes={"B": 2, "K": 23}, change=put(tau=0.75)),
    Ask("many examples, few categories", sizes={"B": 11, "K": 3}, change=put(tau=1.5)),
    Ask("as many examples as categories", ("square",), sizes=SQUARE, change=put(tau=0.625)),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE, change=put(tau=2.5)),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}, change=put(tau=0.75)),
    Ask("two categories", ("logistic_pair",), sizes={"B": 5, "K": 2}, change=put(tau=0.375)),
    Ask("two categories, equal logits, temperature one", ("logistic_pair", "uniform_density"), sizes={"B": 5, "K": 2},
        change=both(scaled(0, "logits"), put(tau=1.0))),
    Ask("logits around 30", ("primes", "offset"), "offset", change=put(tau=0.75)),
    Ask("logits around 3000", ("primes", "offset"), "offset", change=both(moved(2970.0, "logits"), put(tau=0.75))),
    Ask("close to the centre, logits of the order of 1e-5", ("primes", "tiny", "simplex_centre"), "tiny",
        change=put(tau=1.25)),
    Ask("equal logits", ("primes",), "offset", change=both(scaled(0, "logits"), put(tau=1.25))),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15, points at corners", ("primes", "extreme", "simplex_corner"), "extreme",
        change=put(tau=3.0)),
    Ask("logits of the order of 15, points at corners, temperature one half",
        ("primes", "extreme", "simplex_corner", "cold_density"), "extreme", change=put(tau=0.5)),
    Ask("c = softmax of almost the logits", ("primes", "near"), "near", change=put(tau=0.875)),
    Ask("all shares almost equal", ("primes", "equal_shares"), "offset", change=both(put(tau=0.75), mode)),
    Ask("corners at temperature 0.05", ("primes", "simplex_corner", "cold_density"),
        change=both(corner, put(tau=0.05))),
    Ask("corners at temperature 0.05, as many examples as categories", ("square", "simplex_corner", "cold_density"),
        sizes=SQUARE, change=both(corner, put(tau=0.05))),
    Ask("temperature 0.01", ("primes", "mixed", "cold_density"), "mixed", change=put(tau=0.01)),
    Ask("at an edge", ("primes", "simplex_edge"), change=both(edge, put(tau=0.75))),
    Ask("at an edge, temperature 5", ("primes", "simplex_edge", "hot_density"), change=both(edge, put(tau=5.0))),
    Ask("temperature 50", ("primes", "hot_density"), change=put(tau=50.0)),
]


def small_share(x: np.ndarray) -> np.ndarray:
    """The first share below a millionth, the others as they were to one another."""
    x = np.concatenate([0 * x[:, :1] + 2.0**-24, x[:, 1:]], axis=1)
    return x / np.sum(x, axis=1, keepdims=True)


CASES = {"concrete_log_density": [*LIST, *long({"B": 2, "K": 130}, {"B": 1, "K": 1025})]}
RARE = {"concrete_log_density": (lambda case: changed(case, c=small_share),)}
