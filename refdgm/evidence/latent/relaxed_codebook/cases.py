"""Relaxed lookups: shares from one-hot to even, few and many codes."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, scaled
from refdgm.evidence.latent.few_codes import few_codes

NOTES = {
    "one_hot": "one share is exactly one, the others zero: the lookup itself",
    "even_mixture": "all shares are 1/8: the mean of the codes",
    "positive_shares": "positive shares that sum to one",
    "one_code": "a single code: everybody chooses it",
}
SQUARE = {"B": 5, "K": 5, "D": 3}
SQUARE_CODES = {"B": 5, "K": 3, "D": 3}
ALL_SQUARE = {"B": 3, "K": 3, "D": 3}


def shares(arrays: Arrays) -> Arrays:
    """softmax of the drawn numbers, as float32 has it."""
    e = np.exp(arrays["input.c"] - np.max(arrays["input.c"], axis=1, keepdims=True))
    return {"input.c": (e / np.sum(e, axis=1, keepdims=True)).astype(np.float32).astype(np.float64)}


def one_hot(arrays: Arrays) -> Arrays:
    return {"input.c": np.eye(arrays["input.c"].shape[1])[np.argmax(arrays["input.c"], axis=1)]}


def even(arrays: Arrays) -> Arrays:
    return {"input.c": np.full_like(arrays["input.c"], 1 / 8)}


LIST = [
    Ask("any weights"),
    Ask("any weights, other signs"),
    Ask("positive_shares", ("primes", "positive_shares"), change=shares),
    Ask("shares, other numbers", ("primes", "positive_shares"), change=shares),
    Ask("few examples, many codes", ("primes", "positive_shares"), sizes={"B": 2, "K": 23}, change=shares),
    Ask("many examples, few codes", ("primes", "positive_shares"), sizes={"B": 17, "K": 3, "D": 2}, change=shares),
    Ask("long codes", ("primes", "positive_shares"), sizes={"B": 3, "K": 5, "D": 13}, change=shares),
    Ask("as many examples as codes", ("square", "positive_shares"), sizes=SQUARE, change=shares),
    Ask("as many codes as components", ("square", "positive_shares"), sizes=SQUARE_CODES, change=shares),
    Ask("all sizes equal", ("square", "positive_shares"), sizes=ALL_SQUARE, change=shares),
    Ask("all sizes equal, any weights", ("square",), sizes=ALL_SQUARE),
    Ask("one example", ("single_example", "positive_shares"), sizes={"B": 1}, change=shares),
    Ask("one component", ("single_axis", "positive_shares"), sizes={"D": 1}, change=shares),
    Ask("one code", ("one_code",), sizes={"K": 1}),
    Ask("one-hot", ("primes", "one_hot"), change=one_hot),
    Ask("one-hot, as many examples as codes", ("square", "one_hot"), sizes=SQUARE, change=one_hot),
    Ask("even shares", ("primes", "even_mixture"), change=even),
    Ask("codes around 30, whose differences decide c_bar", ("primes", "offset", "positive_shares"), "offset",
        change=both(moved(-30.0, "c"), shares)),
    Ask("codes of the order of 1e-5", ("primes", "tiny", "positive_shares"), "tiny", change=shares),
    Ask("codes with magnitudes from 1e-3 to 20", ("primes", "mixed", "positive_shares"), "mixed", change=shares),
    Ask("codes with magnitudes from 1e-3 to 20, all sizes equal", ("square", "mixed"), "mixed", ALL_SQUARE),
    Ask("almost one-hot, codes of the order of 15", ("primes", "extreme", "positive_shares"), "extreme", change=shares),
    Ask("short codes", ("primes", "positive_shares"), change=both(shares, scaled(1 / 64, "codebook"))),
]

CASES = {"relaxed_codebook": [*LIST, *long({"B": 2, "K": 130, "D": 2}, {"B": 2, "K": 2, "D": 130})]}
KILLING = {"relaxed_codebook": few_codes}
