"""Matrices and what is added to them: a little, as much again, and nearly what makes them singular."""

from collections.abc import Callable

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, close_to, scaled, thirds
from refdgm.evidence.flow.matrices import FIVE, ONE, SEVEN, SQUARE, SYMMETRIC, TWO, matrix, towards
from refdgm.evidence.flow.matrices import NOTES as OF_MATRICES

NOTES = {
    **OF_MATRICES,
    "identity": "A = I: the determinant is 1 + ⟨v, u⟩",
    "little_added": "u vᵀ far below A: log (1 + κ) has lost the digits of κ if it is formed from the sum",
    "much_added": "u vᵀ far above A, which still counts in every direction but one",
    "nearly_taken_away": "κ next to −1: A + u vᵀ is nearly singular",
    "sum_alone": "A is nearly singular and the sum is not: the terms of the lemma are large, and cancel",
    "turned_over": "κ below −1: the sum has a determinant of the other sign",
    "no_change": "u of exactly zero: log |det A|, and a gradient for u all the same",
}


def cancelling(share: float) -> Callable[[Arrays], Arrays]:
    """u = −share A v/‖v‖², as far as float32 has it: κ = −share."""
    def change(arrays: Arrays) -> Arrays:
        a, v = arrays["input.matrix"], arrays["input.v"]
        u = -share * np.sum(a * v[:, None, :], axis=2) / np.sum(v**2, axis=1, keepdims=True)
        return {"input.u": u.astype(np.float32).astype(np.float64)}

    return change


LIST = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("two rows", sizes=TWO),
    Ask("five rows", sizes=FIVE),
    Ask("seven rows", sizes=SEVEN),
    Ask("as many examples as rows", ("square",), sizes=SQUARE),
    Ask("as many examples as rows, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "D": 3}),
    Ask("one row: log |a + u v|", ("single_axis",), sizes=ONE),
    Ask("added to the identity", ("primes", "identity"), change=matrix(lambda m: 0 * m + np.eye(3))),
    Ask("added to the identity, five rows", ("primes", "identity"), sizes=FIVE,
        change=matrix(lambda m: 0 * m + np.eye(5))),
    Ask("added to a diagonal", ("primes", "triangular"), sizes=FIVE,
        change=matrix(lambda m: (np.sign(m) + m) * np.eye(5))),
    Ask("added to lower triangles", ("primes", "triangular"), change=matrix(np.tril)),
    Ask("symmetric matrices", ("primes", "symmetric"), change=SYMMETRIC),
    Ask("symmetric matrices, u = v", ("primes", "symmetric"), change=both(SYMMETRIC, close_to("u", "v", 0.0))),
    Ask("u almost v", ("primes", "near"), "near"),
    Ask("nothing on the diagonal", ("primes", "permuted"), change=matrix(lambda m: m * (1 - np.eye(3)))),
    Ask("a little is added", ("primes", "little_added"), change=scaled(2.0**-12, "u", "v")),
    Ask("a little is added to the identity", ("primes", "little_added", "identity"),
        change=both(matrix(lambda m: 0 * m + np.eye(3)), scaled(2.0**-12, "u", "v"))),
    Ask("much is added", ("primes", "much_added"), change=scaled(2.0**8, "u", "v")),
    Ask("added to what is nearly of rank two", ("primes", "sum_alone"), change=towards(2.0**-6)),
    Ask("nothing is added", ("primes", "no_change"), change=scaled(0, "u")),
    Ask("a product of −1 + 2⁻⁸", ("primes", "nearly_taken_away"), change=cancelling(1 - 2.0**-8)),
    Ask("a product of −1 − 2⁻⁸, five rows", ("primes", "nearly_taken_away", "turned_over"), sizes=FIVE,
        change=cancelling(1 + 2.0**-8)),
    Ask("a product of −3", ("primes", "turned_over"), change=cancelling(3)),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, five rows", ("primes", "mixed"), "mixed", FIVE),
    Ask("everything of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("rows from 1 to 2⁻²⁸", ("primes", "badly_scaled"), sizes=FIVE, change=lambda arrays: {
        "input.matrix": (2.0 ** (-7 * np.arange(5)))[:, None] * arrays["input.matrix"],
        "input.u": 2.0 ** (-7 * np.arange(5)) * arrays["input.u"]}),
    Ask("numbers of 53 bits", ("primes", "full"), change=thirds),
]
CASES = {"rank_one_log_det": LIST}
