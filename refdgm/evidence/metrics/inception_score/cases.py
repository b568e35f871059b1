"""Logits of a classifier: sure, unsure, of one mind and of many."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled, thirds
from refdgm.evidence.rare import changed, element

NOTES = {
    "certain_category": "one category leads by so much that its gradient and its log-probability are far below the "
    "rounding of one",
    "uniform": "almost equal logits: almost equal probabilities",
    "two": "two categories: softmax is a logistic function of the difference",
    "vanished": "a category whose probability underflows: its logarithm does not, nor does its gradient",
    "collapsed": "one class for all samples: the score is nearly one, however sure the classifier is",
    "diverse": "every sample has a class of its own: the score is nearly their number",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, FEW = {"B": 7, "K": 5}, {"B": 3, "K": 11}


def each_of_its_own(by: float, classes: int, samples: int) -> Any:
    """Sample b is of the class b, or of b less the number of classes, `by` above all others and a little of each."""
    little = lambda b, k: 0.25 * ((b * b + 5 * k * (b + 1)) % 11)
    logits = [[by * (k == b % classes) + little(b, k) for k in range(classes)] for b in range(samples)]
    return put(logits=logits)


def changing(column: int, f: Any) -> Any:
    def change(arrays: Arrays) -> Arrays:
        logits = arrays["input.logits"].copy()
        logits[:, column] = f(logits[:, column])
        return {"input.logits": logits}

    return change


def leading(by: float) -> Any:
    """Raise the third logit of every row by this much."""
    return changing(2, lambda column: column + by)


def second(logit: float) -> Any:
    return changing(1, lambda column: logit)


CASES = {"inception_score": [
    Ask("plain numbers"),
    Ask("plain numbers, more samples than classes", sizes=MANY),
    Ask("plain numbers, more classes than samples", sizes=FEW),
    Ask("two samples, thirteen classes", sizes={"B": 2, "K": 13}),
    Ask("eleven samples, three classes", sizes={"B": 11, "K": 3}),
    Ask("as many samples as classes", ("square",), sizes={"B": 5, "K": 5}),
    Ask("as many samples as classes, far out", ("square", "mixed"), "mixed", {"B": 5, "K": 5}),
    Ask("one sample", ("single_example",), sizes={"B": 1, "K": 7}),
    Ask("two classes", ("two",), sizes={"B": 5, "K": 2}),
    Ask("two classes, far apart", ("two", "extreme"), "extreme", {"B": 5, "K": 2}),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY),
    Ask("magnitudes from 1e-3 to 20, many classes", ("primes", "mixed"), "mixed", FEW),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme", MANY),
    Ask("logits of the order of 100", ("primes", "extreme", "certain_category"), sizes=MANY,
        change=scaled(128, "logits")),
    Ask("logits around 30", ("primes", "offset"), "offset", MANY),
    Ask("logits around −600", ("primes", "offset"), "offset", MANY, change=moved(-630.0, "logits")),
    Ask("logits of the order of 1e-5", ("primes", "tiny", "uniform"), "tiny", MANY),
    Ask("logits of the order of 1e-12", ("primes", "tiny", "uniform"), sizes=FEW, change=scaled(2.0**-40, "logits")),
    Ask("one class for all, by 24", ("primes", "collapsed"), sizes=MANY, change=leading(24.0)),
    Ask("one class for all, by 400", ("primes", "collapsed", "certain_category"), sizes=MANY, change=leading(400.0)),
    Ask("a class for every sample, by 20", ("primes", "diverse"), sizes={"B": 3, "K": 5},
        change=each_of_its_own(20.0, 5, 3)),
    Ask("a class for every two samples, by 40", ("primes", "diverse", "certain_category"), sizes={"B": 7, "K": 3},
        change=each_of_its_own(40.0, 3, 7)),
    Ask("a class 2000 below in every sample", ("primes", "vanished"), sizes=MANY, change=second(-2000.0)),
    Ask("a class 2000 below, the others around 600", ("primes", "vanished", "offset"), sizes=FEW,
        change=both(moved(600.0, "logits"), second(-1400.0))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
]}
RARE = {"inception_score": (lambda case: changed(case, logits=element(-2000.0, 1)),)}
