"""Logits and what they are normalised to: from nearly equal to one that is certain."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled
from refdgm.evidence.rare import changed, element

NOTES = {
    "certain_category": "one category leads by so much that its gradient and its log-probability are far below the "
    "rounding of one",
    "uniform": "almost equal logits: almost equal probabilities",
    "zero_crossing": "a log-normaliser near zero: what is formed as the logarithm of a sum has lost its digits",
    "label": "a cotangent of one entry a row, as a loss of labels sends it",
    "constant_cotangent": "nearly the same cotangent for every category: of softmax almost no gradient is left",
    "losers_only": "the cotangent of the largest logit is zero",
    "two": "two categories: softmax is a logistic function of the difference",
    "vanished": "a category whose probability underflows: its logarithm does not, nor does its gradient",
    "masked_logit": "a category with the logit −∞: it has no share and no gradient",
}
SQUARE = {"B": 5, "K": 5}


def leading(by: float) -> Any:
    """Raise the third logit of every row by this much."""

    def change(arrays: Arrays) -> Arrays:
        logits = arrays["input.logits"].copy()
        logits[:, 2 % logits.shape[1]] += by
        return {"input.logits": logits}

    return change


def around_zero(arrays: Arrays) -> Arrays:
    """The largest logit 2^−20, all others between −30 and −60."""
    logits = -45 + np.clip(4 * arrays["input.logits"], -15, 15)
    logits[:, 1] = 2.0**-20
    return {"input.logits": logits}


def of_a_label(arrays: Arrays) -> Arrays:
    bar = np.zeros_like(arrays["cotangent.value"])
    for row, k in enumerate(np.argmax(arrays["input.logits"], axis=1)):
        bar[row, (k + row % 2) % bar.shape[1]] = 1.0  # by turns the most likely category and its neighbour
    return {"cotangent.value": bar}


def nearly_constant(arrays: Arrays) -> Arrays:
    return {"cotangent.value": 3 + arrays["cotangent.value"] * 2.0**-20}


def of_the_losers(arrays: Arrays) -> Arrays:
    bar = arrays["cotangent.value"].copy()
    bar[np.arange(len(bar)), np.argmax(arrays["input.logits"], axis=1)] = 0.0
    return {"cotangent.value": bar}


PLAIN = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("few examples, many categories", sizes={"B": 2, "K": 23}),
    Ask("many examples, few categories", sizes={"B": 11, "K": 3}),
    Ask("as many examples as categories", ("square",), sizes=SQUARE),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}),
    Ask("two categories", ("two",), sizes={"B": 5, "K": 2}),
    Ask("two categories, far apart", ("two", "extreme"), "extreme", {"B": 5, "K": 2}),
    Ask("logits around 30", ("primes", "offset"), "offset"),
    Ask("logits around −30", ("primes", "offset"), "offset", change=scaled(-1, "logits")),
    Ask("logits around 600", ("primes", "offset"), "offset", change=moved(570.0, "logits")),
    Ask("logits around −600", ("primes", "offset"), "offset", change=moved(-630.0, "logits")),
    Ask("logits of the order of 1e-5", ("primes", "tiny", "uniform"), "tiny"),
    Ask("logits of the order of 1e-12", ("primes", "tiny", "uniform"), change=scaled(2.0**-40, "logits")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("logits of the order of 100", ("primes", "extreme", "certain_category"), change=scaled(128, "logits")),
    Ask("one category leads by 24", change=leading(24.0)),
    Ask("one category leads by 60", ("primes", "certain_category"), change=leading(60.0)),
    Ask("one category leads by 400", ("primes", "certain_category"), change=leading(400.0)),
    Ask("two categories, one leads by 40", ("two", "certain_category"), sizes={"B": 3, "K": 2},
        change=put(logits=[[20.0, -20.0], [-20.25, 20.25], [0.0, 40.5]])),
]


def second(logit: float) -> Any:
    def change(arrays: Arrays) -> Arrays:
        logits = arrays["input.logits"].copy()
        logits[:, 1] = logit
        return {"input.logits": logits}

    return change


LATER = [Ask("a category 2000 below", ("primes", "vanished", "later"), change=second(-2000.0))]
SUMS = [
    *PLAIN,
    Ask("a log-normaliser near zero", ("primes", "zero_crossing", "certain_category"), change=around_zero),
    *LATER,
]
ROWS = [
    *PLAIN,
    Ask("labels", ("primes", "label"), change=of_a_label),
    Ask("labels, a category leads by 60", ("primes", "label", "certain_category"),
        change=both(leading(60.0), of_a_label)),
    Ask("nearly the same cotangent everywhere", ("primes", "constant_cotangent"), change=nearly_constant),
    Ask("no cotangent for the largest logit", ("primes", "losers_only"), change=of_the_losers),
    *LATER,
]
SHARES = [*ROWS, Ask("a masked category", ("primes", "masked_logit", "later"), change=second(-np.inf))]


def two_equal_columns(x: np.ndarray) -> np.ndarray:
    """The largest of every row twice."""
    x = x.copy()
    x[:, 1] = x[:, -2] = np.max(x, axis=-1) + 1
    return x


WIDE = long({"B": 2, "K": 130}, {"B": 1, "K": 1025})
CASES = {"log_sum_exp": [*SUMS, *WIDE], "softmax": [*SHARES, *WIDE], "log_softmax": [*ROWS, *WIDE]}
RARE = {
    "log_sum_exp": (lambda case: changed(case, logits=two_equal_columns),),
    "softmax": (lambda case: changed(case, logits=element(-np.inf, 1)),),
    "log_softmax": (lambda case: changed(case, logits=element(-2000.0, 1)),),
}
