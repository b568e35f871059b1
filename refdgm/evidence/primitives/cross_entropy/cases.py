"""Labels, shares and weights, and classifiers that are sure, rightly and wrongly."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, scaled

NOTES = {
    "certain_category": "one category leads by so much that its gradient and its log-probability are far below the "
    "rounding of one",
    "uniform": "almost equal logits: almost equal probabilities",
    "two": "two categories: softmax is a logistic function of the difference",
    "right_and_sure": "far logits that are right: J and the slopes are far below the rounding of one",
    "wrong_and_sure": "far logits that are wrong: J is −|l|, the slopes are one",
    "label_rows": "labels: one entry of a row of the target is 1, all others are 0",
    "left_out": "some rows of the target are zero: these examples are not counted",
    "share_rows": "rows of the target that sum to one: the slope of the logits is y − t",
}
SQUARE, FEW, MANY = {"B": 5, "K": 5}, {"B": 2, "K": 23}, {"B": 11, "K": 3}


def labels(arrays: Arrays) -> Arrays:
    """The label of row n is category 2n + 1, counted around."""
    hot = np.zeros_like(arrays["input.target"])
    hot[np.arange(len(hot)), (2 * np.arange(len(hot)) + 1) % hot.shape[1]] = 1.0
    return {"input.target": hot}


def leading(by: float, after: int = 0) -> Any:
    """Raise the logit of the label, or of the category so many after it."""

    def change(arrays: Arrays) -> Arrays:
        hot = np.roll(labels(arrays)["input.target"], after, axis=1)
        return {"input.logits": arrays["input.logits"] + by * hot}

    return change


def left_out(arrays: Arrays) -> Arrays:
    target = arrays["input.target"].copy()
    target[::2] = 0.0
    return {"input.target": target}


def shares(arrays: Arrays) -> Arrays:
    """Whole numbers of 64ths, one of each row what is left."""
    target = np.floor(arrays["input.target"] * 8 / arrays["input.target"].shape[1]) + 1
    target[:, 0] = 64 - np.sum(target[:, 1:], axis=1)
    return {"input.target": target / 64}


CASES = {"cross_entropy": [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("labels", ("primes", "label_rows"), change=labels),
    Ask("labels of few examples, many categories", ("primes", "label_rows"), sizes=FEW, change=labels),
    Ask("shares", ("primes", "share_rows"), change=shares),
    Ask("shares of three categories", ("primes", "share_rows"), sizes=MANY, change=shares),
    Ask("few examples, many categories", sizes=FEW),
    Ask("many examples, few categories", sizes=MANY),
    Ask("as many examples as categories", ("square",), sizes=SQUARE),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}),
    Ask("two categories", ("two",), sizes={"B": 5, "K": 2}),
    Ask("two categories, labels", ("two", "label_rows"), sizes={"B": 5, "K": 2}, change=labels),
    Ask("some examples left out", ("primes", "left_out"), change=left_out),
    Ask("labels, some examples left out", ("primes", "left_out", "label_rows"), change=both(labels, left_out)),
    Ask("logits around 30", ("primes", "offset"), "offset"),
    Ask("logits around 300", ("primes", "offset"), change=moved(300.0, "logits")),
    Ask("logits of the order of 1e-5", ("primes", "uniform"), change=scaled(2.0**-17, "logits")),
    Ask("everything small", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("sure and right", ("primes", "label_rows", "right_and_sure"), change=both(labels, leading(40.0))),
    Ask("very sure and right", ("primes", "label_rows", "right_and_sure", "certain_category"),
        change=both(labels, leading(80.0))),
    Ask("sure and wrong", ("primes", "label_rows", "wrong_and_sure"), change=both(labels, leading(40.0, 1))),
    Ask("sure, and shares", ("primes", "share_rows", "certain_category"), change=both(shares, leading(60.0))),
    *long({"B": 2, "K": 130}),
]}
