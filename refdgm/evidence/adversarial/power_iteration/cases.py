"""Matrices wide and tall, of vectors near to and far from their first pair."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "first_pair": "u and v are the first singular vectors, as near as short numbers are",
    "along_axes": "u and v are axes: σ is an entry of W",
    "row_alone": "one output: u is ±1",
    "column_alone": "one input: v is ±1",
    "flat_spectrum": "singular values that nearly agree: a round changes little",
    "dominant": "one singular value far above the others: a round is nearly enough",
    "negative_sigma": "σ below zero, as for vectors that are no pair",
    "of_a_diagonal": "a diagonal matrix: components of u shrink by powers of its entries",
    "full": "numbers that use all bits of a float64: products and sums round",
}
WIDE, TALL, SQUARE = {"E": 2, "D": 7}, {"E": 7, "D": 3}, {"E": 3, "D": 3}
ROW, COLUMN = {"E": 1, "D": 5}, {"E": 5, "D": 1}


def dominant(arrays: Arrays) -> Arrays:
    """A matrix of rank one and 2⁻⁶ of the drawn one."""
    w = arrays["input.W"]
    left, right = np.arange(1, w.shape[0] + 1) / 4, np.arange(w.shape[1], 0, -1) / 2
    return {"input.W": (np.outer(left, right) + w * 2.0**-6).astype(np.float32).astype(np.float64)}


def pair(arrays: Arrays) -> Arrays:
    """The first singular vectors, as float32 has them."""
    u, _, v = np.linalg.svd(arrays["input.W"])
    short = lambda x: x.astype(np.float32).astype(np.float64)
    return {"input.u": short(u[:, 0]), "input.v": short(v[0])}


def negative(arrays: Arrays) -> Arrays:
    """The sign of u such that σ is below zero."""
    sigma = arrays["input.u"] @ arrays["input.W"] @ arrays["input.v"]
    return {"input.u": -np.sign(sigma) * arrays["input.u"]}


def rounds(comment: str, *flags: str, times: int = 1, sizes: Any = None, regime: str = "unit",
           change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes or {"E": 3, "D": 2}, {"iterations": times}, change)


DIAGONAL = put(W=[[2, 0, 0], [0, -1, 0], [0, 0, 0.5]], u=[1, 1, 1])
ITERATED = [
    rounds("one round"),
    rounds("one round, other numbers"),
    rounds("one round, wide", sizes=WIDE),
    rounds("one round, tall", sizes=TALL),
    rounds("two rounds", times=2),
    rounds("three rounds, wide", times=3, sizes=WIDE),
    rounds("seven rounds, tall", times=7, sizes=TALL),
    rounds("as many outputs as inputs", "square", sizes=SQUARE),
    rounds("as many outputs as inputs, three rounds", "square", times=3, sizes=SQUARE),
    rounds("a diagonal matrix", "square", "of_a_diagonal", sizes=SQUARE, change=DIAGONAL),
    rounds("a diagonal matrix, five rounds", "square", "of_a_diagonal", times=5, sizes=SQUARE, change=DIAGONAL),
    rounds("a diagonal matrix whose last two agree", "square", "of_a_diagonal", "flat_spectrum", times=4, sizes=SQUARE,
           change=put(W=[[1, 0, 0], [0, 1, 0], [0, 0, 1.125]], u=[1, 2, 3])),
    rounds("one output", "row_alone", sizes=ROW),
    rounds("one input, two rounds", "column_alone", times=2, sizes=COLUMN),
    rounds("one dominant pair", "primes", "dominant", sizes=TALL, change=dominant),
    rounds("one dominant pair, two rounds, wide", "primes", "dominant", times=2, sizes=WIDE, change=dominant),
    rounds("u an axis", "primes", "along_axes", change=put(u=[0, 1, 0])),
    rounds("a long u", change=scaled(2.0**30, "u")),
    rounds("a short u", change=scaled(2.0**-30, "u")),
    rounds("weights of the order of 1e-5", "primes", "tiny", regime="tiny"),
    rounds("magnitudes from 1e-3 to 20", "primes", "mixed", sizes=TALL, regime="mixed"),
    rounds("weights around 30", "primes", "offset", sizes=WIDE, regime="offset"),
    rounds("numbers of 53 bits", "primes", "full", times=2, change=thirds),
]


def divided(comment: str, *flags: str, sizes: Any = None, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes or {"E": 3, "D": 2}, {}, change)


DIVIDED = [
    divided("plain numbers"),
    divided("plain numbers, other signs"),
    divided("wide", sizes=WIDE),
    divided("tall", sizes=TALL),
    divided("as many outputs as inputs", "square", sizes=SQUARE),
    divided("as many outputs as inputs, five", "square", sizes={"E": 5, "D": 5}),
    divided("the first pair", "primes", "first_pair", change=pair),
    divided("the first pair, wide", "primes", "first_pair", sizes=WIDE, change=pair),
    divided("the first pair, tall", "primes", "first_pair", sizes=TALL, change=pair),
    divided("the first pair, square", "square", "first_pair", sizes=SQUARE, change=pair),
    divided("the first pair of a dominant one", "primes", "first_pair", "dominant", sizes=TALL,
            change=both(dominant, pair)),
    divided("axes", "primes", "along_axes", change=put(W=[[2, -3], [5, 0.5], [7, 11]], u=[0, 1, 0], v=[1, 0])),
    divided("axes, of a square", "square", "along_axes", sizes=SQUARE,
            change=put(W=[[2, -3, 5], [7, 0.5, 1], [4, 11, 13]], u=[0, 0, 1], v=[1, 0, 0])),
    divided("one output", "row_alone", sizes=ROW, change=put(u=[1])),
    divided("σ below zero", "primes", "negative_sigma", change=negative),
    divided("σ below zero, tall", "primes", "negative_sigma", sizes=TALL, change=negative),
    divided("weights of the order of 1e-5", "primes", "tiny", regime="tiny", change=pair),
    divided("magnitudes from 1e-3 to 20", "primes", "mixed", sizes=TALL, regime="mixed", change=pair),
    divided("weights around 30", "primes", "offset", sizes=WIDE, regime="offset", change=pair),
    divided("numbers of 53 bits", "primes", "full", change=thirds),
]
CASES = {"power_iteration": ITERATED, "spectral_normalization": DIVIDED}
