"""Draws and relaxed draws from a categorical distribution, at temperatures from 1/100 to 1000."""

from dataclasses import replace

import numpy as np

from refdgm.cases import Case, draw
from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled
from refdgm.evidence.rare import changed, element
from refdgm.reference import Reference

NOTES = {
    "low_temperature": "the relaxed draw is almost one-hot: the winner's gradient is far below the rounding of one",
    "high_temperature": "the relaxed draw is almost uniform: differences of its entries cancel",
    "underflow": "some entries are below the smallest float64: the rounded answer is zero",
    "certain": "the logits decide, the noise does not matter",
    "noise_only": "equal logits: the noise decides",
    "close_race": "the two best entries of a row are 2^−30 apart: float32 need not find the winner",
    "tie": "two categories of each row share the maximum exactly: the first of them is drawn",
    "masked": "logits of −∞: these categories are never drawn",
    "binary": "two categories: softmax is a sigmoid of the difference",
}
SQUARE = {"B": 5, "K": 5}


def race(arrays: Arrays) -> Arrays:
    """Raise the second best entry of each row to 2^−30 below the best."""
    logits, gumbel = arrays["input.logits"].copy(), np.round(arrays["input.gumbel"] * 1024) / 1024
    score = logits + gumbel
    order = np.argsort(score, axis=1)
    for row, (second, best) in enumerate(order[:, -2:]):
        logits[row, second] += score[row, best] - score[row, second] - 2.0**-30
    return {"input.logits": logits, "input.gumbel": gumbel}


def tied(arrays: Arrays) -> Arrays:
    """The second and the last but one category share the maximum of each row, in sums that are exact."""
    gumbel = np.round(arrays["input.gumbel"])
    score = np.floor(arrays["input.logits"])
    score[:, [1, -2]] = 4.0
    return {"input.logits": score - gumbel, "input.gumbel": gumbel}


def masked(arrays: Arrays) -> Arrays:
    """Two categories of each row are impossible, among them the one that would have been drawn."""
    logits = arrays["input.logits"].copy()
    for row, best in enumerate(np.argmax(logits + arrays["input.gumbel"], axis=1)):
        logits[row, [best, (best + 2) % logits.shape[1]]] = -np.inf
    return {"input.logits": logits}


DRAWS = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("few examples, many categories", sizes={"B": 2, "K": 23}),
    Ask("many examples, few categories", sizes={"B": 17, "K": 3}),
    Ask("as many examples as categories", ("square",), sizes=SQUARE),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}),
    Ask("two categories", ("binary",), sizes={"B": 5, "K": 2}),
    Ask("logits around 30", ("primes", "offset"), "offset"),
    Ask("logits around −30", ("primes", "offset"), "offset", change=scaled(-1, "logits")),
    Ask("logits around 30000", ("primes", "offset"), "offset",
        change=moved(29970.0, "logits")),
    Ask("logits of the order of 1e-5", ("primes", "tiny", "noise_only"), "tiny"),
    Ask("equal logits", ("primes", "noise_only"), change=scaled(0, "logits")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, again", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("logits of the order of 1000", ("primes", "extreme", "certain"), "extreme", change=scaled(64, "logits")),
    Ask("noise a quarter of what it should be", ("primes", "certain"), change=scaled(1 / 4, "gumbel")),
    Ask("two best entries almost equal", ("primes", "close_race"), change=race),
    Ask("two best entries almost equal, as many examples as categories", ("square", "close_race"), sizes=SQUARE,
        change=race),
    Ask("exact ties", ("primes", "tie"), change=tied),
    Ask("exact ties, as many examples as categories", ("square", "tie"), sizes=SQUARE, change=tied),
    Ask("impossible categories", ("primes", "masked"), change=masked),
    Ask("noise without logits, scaled up", ("primes", "noise_only"),
        change=both(scaled(0, "logits"), scaled(8, "gumbel"))),
]
RELAXED = [
    Ask("plain numbers"),
    Ask("plain numbers, temperature one half", change=put(tau=0.5)),
    Ask("temperature two", change=put(tau=2.0)),
    Ask("few examples, many categories", sizes={"B": 2, "K": 23}, change=put(tau=0.75)),
    Ask("many examples, few categories", sizes={"B": 11, "K": 3}, change=put(tau=1.5)),
    Ask("as many examples as categories", ("square",), sizes=SQUARE, change=put(tau=0.625)),
    Ask("as many examples as categories, far out", ("square", "mixed"), "mixed", SQUARE, change=put(tau=2.5)),
    Ask("one example", ("single_example",), sizes={"B": 1, "K": 7}, change=put(tau=0.75)),
    Ask("two categories", ("binary",), sizes={"B": 5, "K": 2}, change=put(tau=0.375)),
    Ask("logits around 30", ("primes", "offset"), "offset", change=put(tau=0.75)),
    Ask("logits around 3000", ("primes", "offset"), "offset",
        change=both(moved(2970.0, "logits"), put(tau=0.75))),
    Ask("logits of the order of 1e-5", ("primes", "tiny", "noise_only"), "tiny"),
    Ask("equal logits", ("primes", "noise_only"), change=both(scaled(0, "logits"), put(tau=1.25))),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("logits of the order of 15", ("primes", "extreme"), "extreme", change=put(tau=3.0)),
    Ask("logits of the order of 15 at temperature one half", ("primes", "extreme", "certain"), "extreme",
        change=put(tau=0.5)),
    Ask("temperature 0.05", ("primes", "low_temperature"), change=put(tau=0.05)),
    Ask("temperature 0.05, as many examples as categories", ("square", "low_temperature"), sizes=SQUARE,
        change=put(tau=0.05)),
    Ask("temperature 0.01", ("primes", "low_temperature"), change=put(tau=0.01)),
    Ask("temperature 1/32, logits of the order of 15", ("primes", "low_temperature", "extreme", "underflow"), "extreme",
        change=put(tau=1 / 32)),
    Ask("temperature 20", ("primes", "high_temperature"), change=put(tau=20.0)),
    Ask("temperature 1000", ("primes", "high_temperature"), change=put(tau=1000.0)),
    Ask("two best entries almost equal at temperature 0.05", ("primes", "close_race", "low_temperature"),
        change=both(race, put(tau=0.05))),
]


def beside(x: np.ndarray) -> np.ndarray:
    """Nearly the same number, told apart in double precision alone."""
    return np.round(x) + 1e-9 * (x - np.round(x))


def sharing(case: Case) -> Case:
    """Two categories of each row share the maximum exactly."""
    total = np.zeros(case.arrays["input.logits"].shape)
    total[:, 1] = total[:, -2] = 1.0
    gumbel = np.round(case.arrays["input.gumbel"])
    inputs = {"input.logits": total - gumbel, "input.gumbel": gumbel}
    return replace(case, id=f"{case.reference}/tied", arrays=case.arrays | inputs, flags=("tie",))


def more_rows(ref: Reference, seed: int, cases: list[Case]) -> list[Case]:
    """One row tells little of an argmax; and a tie."""
    return [*(draw(ref, seed + number) for number in range(4)), sharing(cases[0])]


WIDE = long({"B": 2, "K": 130}, {"B": 1, "K": 1025})
CASES = {"gumbel_max": [*DRAWS, *WIDE], "gumbel_softmax": [*RELAXED, *WIDE],
         "straight_through_gumbel_softmax": RELAXED}
KILLING = {"gumbel_max": more_rows}
RARE = {
    "gumbel_max": (lambda case: changed(case, logits=beside, gumbel=beside),),
    "gumbel_softmax": (lambda case: changed(case, logits=element(-np.inf, 1)),),
    "straight_through_gumbel_softmax": (sharing,),
}
