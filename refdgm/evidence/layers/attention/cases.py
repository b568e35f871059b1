"""Queries and keys: alike, told apart, masked, biased; and what is left where one key has nearly all."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, put, scaled, thirds
from refdgm.evidence.rare import changed, element

NOTES = {
    "nothing_masked": "b = 0: nothing is masked",
    "causal": "a query does not look at later keys: the first one sees the first key alone",
    "padding": "keys that nobody may look at, as those of padding",
    "biased": "b as a slope over the distance, of what is nowhere masked",
    "one_sees_one": "a query that may look at a single key: its share is one, and no score has a slope but in A",
    "decided": "one key has nearly all of a query: of the gradient of its score e^{−Δ} is left",
    "keys_alike": "all keys nearly alike: shares nearly equal",
    "one_key": "a single key: every share is one",
    "one_query": "a single query in every example",
    "masked_logit": "a category with the logit −∞: it has no share and no gradient",
    "scale_one": "β = 1, where all its powers are one: an error in it hides",
    "usual_scale": "β = 1/√D, rounded to float32",
    "far_scores": "scores around 700 or −700: an exponential of them overflows",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 2, "N": 3, "K": 5, "D": 7, "E": 11}
SMALL = {"B": 2, "N": 5, "K": 3, "D": 7, "E": 11}
SQUARE = {"B": 3, "N": 3, "K": 3, "D": 3, "E": 3}
MANY = {"B": 3, "N": 7, "K": 5, "D": 2, "E": 11}
FREE = 0.0


def shown(rule: Any) -> Any:
    """b is 0 where `rule(i, j, keys − queries)` holds, and −∞ elsewhere; it holds for a key of every query."""

    def change(arrays: Arrays) -> Arrays:
        b = arrays["input.bias"]
        i, j = np.arange(b.shape[1])[:, None], np.arange(b.shape[2])
        return {"input.bias": np.where(rule(i, j, b.shape[2] - b.shape[1]), FREE, -np.inf) + np.zeros_like(b)}

    return change


NONE = shown(lambda i, j, more: (i >= 0) & (j >= 0))
CAUSAL = shown(lambda i, j, more: j <= i)
FROM_THE_END = shown(lambda i, j, more: j <= i + more)
PADDED = shown(lambda i, j, more: (i >= 0) & (j < 2))
WINDOW = shown(lambda i, j, more: np.abs(i - j) <= 1)
ALONE = shown(lambda i, j, more: j == i % 2)


def slope(arrays: Arrays) -> Arrays:
    """−|i − j|/4."""
    b = arrays["input.bias"]
    i, j = np.arange(b.shape[1])[:, None], np.arange(b.shape[2])
    return {"input.bias": -np.abs(i - j) / 4 + np.zeros_like(b)}


def towards(by: float) -> Any:
    """Every query has the second key preferred by this much."""

    def change(arrays: Arrays) -> Arrays:
        b = np.zeros_like(arrays["input.bias"])
        b[:, :, 1] = by
        return {"input.bias": b}

    return change


def around(by: float) -> Any:
    return lambda arrays: {"input.bias": np.zeros_like(arrays["input.bias"]) + by}


def of_out(arrays: Arrays) -> Arrays:
    """No cotangent of A but for the first query."""
    bar = arrays["cotangent.lse"].copy()
    bar[:, 1:] = 0.0
    return {"cotangent.lse": bar}


def usual(size: int) -> Any:
    return put(scale=size**-0.5)


CASES = {"attention": [
    Ask("drawn bias and scale", sizes=SIZES),
    Ask("drawn bias and scale, three keys", sizes=SMALL),
    Ask("drawn bias and scale, one example", ("single_example",), sizes={"B": 1, "N": 7, "K": 5, "D": 2, "E": 3}),
    Ask("no bias", ("primes", "nothing_masked"), sizes=SIZES, change=NONE),
    Ask("no bias, β = 1/√7", ("primes", "nothing_masked", "usual_scale"), sizes=SIZES, change=both(NONE, usual(7))),
    Ask("no bias, β = 1", ("primes", "nothing_masked", "scale_one"), sizes=SMALL, change=both(NONE, put(scale=1.0))),
    Ask("all sizes alike", ("square",), sizes=SQUARE),
    Ask("all sizes alike, causal", ("square", "masked_logit", "causal", "one_sees_one"), sizes=SQUARE,
        change=both(CAUSAL, usual(3))),
    Ask("all sizes alike, no bias, β = 1/√3", ("square", "nothing_masked", "usual_scale"), sizes=SQUARE,
        change=both(NONE, usual(3))),
    Ask("causal from the first key", ("primes", "masked_logit", "causal", "one_sees_one"), sizes=SIZES,
        change=both(CAUSAL, usual(7))),
    Ask("causal to the last key", ("primes", "masked_logit", "causal"), sizes=SIZES,
        change=both(FROM_THE_END, usual(7))),
    Ask("causal, more queries than keys", ("primes", "masked_logit", "causal", "one_sees_one"), sizes=SMALL,
        change=both(CAUSAL, usual(7))),
    Ask("padding", ("primes", "masked_logit", "padding"), sizes=SIZES, change=both(PADDED, usual(7))),
    Ask("a window of three keys", ("primes", "masked_logit", "padding"), sizes=SIZES, change=WINDOW),
    Ask("every query sees one key", ("primes", "masked_logit", "one_sees_one"), sizes=SIZES,
        change=both(ALONE, usual(7))),
    Ask("a slope over the distance", ("primes", "biased"), sizes=SIZES, change=slope),
    Ask("one key leads by 20", ("primes", "decided"), sizes=SIZES, change=towards(20.0)),
    Ask("one key leads by 60", ("primes", "decided"), sizes=SMALL, change=towards(60.0)),
    Ask("one key leads by 60, hardly a cotangent of A", ("primes", "decided"), sizes=SIZES,
        change=both(towards(60.0), of_out)),
    Ask("scores around 700", ("primes", "far_scores"), sizes=SMALL, change=around(700.0)),
    Ask("scores around −700", ("primes", "far_scores"), sizes=SMALL, change=around(-700.0)),
    Ask("queries and keys of the order of 1e-5", ("primes", "tiny", "keys_alike"), "tiny", SIZES, change=NONE),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SMALL, change=both(NONE, usual(7))),
    Ask("numbers of the order of 15", ("primes", "extreme", "decided"), "extreme", MANY, change=put(scale=0.125)),
    Ask("numbers around 30", ("primes", "offset"), "offset", MANY, change=both(NONE, put(scale=0.0625))),
    Ask("one key", ("single_axis", "one_key"), sizes={"B": 2, "N": 3, "K": 1, "D": 5, "E": 7},
        change=usual(5)),
    Ask("one query", ("one_query",), sizes={"B": 2, "N": 1, "K": 5, "D": 3, "E": 7}),
    Ask("large queries", ("primes", "decided"), sizes=SMALL, change=both(NONE, scaled(8.0, "query"))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
    *long({"B": 1, "N": 2, "K": 130, "D": 3, "E": 2}, {"B": 1, "N": 65, "K": 3, "D": 2, "E": 2},
          {"B": 1, "N": 1, "K": 1025, "D": 1, "E": 1}, {"B": 1, "N": 2, "K": 3, "D": 130, "E": 65}),
]}
RARE = {"attention": (lambda case: changed(case, bias=element(-np.inf, 1)),)}
