"""Matrices of every sort: plain ones, those with many zeros, badly scaled and nearly singular ones."""

import numpy as np

from refdgm.evidence.ask import Ask, put, scaled
from refdgm.evidence.flow.matrices import FIVE, ONE, SEVEN, SIGNED, SQUARE, SYMMETRIC, TWO, matrix, steps, towards
from refdgm.evidence.flow.matrices import NOTES as OF_MATRICES

NOTES = {
    **OF_MATRICES,
    "rotation": "orthogonal matrices: the determinant is ±1, its logarithm nothing but rounding",
    "negative_determinant": "every determinant is negative: a logarithm without |·| is not a number",
    "near_identity": "I and a little: the logarithm is the trace, in first order",
    "nearly_singular": "rows that nearly depend on one another: digits are lost in any sum",
    "product_overflows": "elements whose product would overflow in float32",
    "product_vanishes": "elements whose product would vanish in float32",
}
LIST = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("two rows", sizes=TWO),
    Ask("five rows", sizes=FIVE),
    Ask("seven rows", sizes=SEVEN),
    Ask("as many examples as rows", ("square",), sizes=SQUARE),
    Ask("as many examples as rows, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "D": 3}),
    Ask("one row: log |m|", ("single_axis",), sizes=ONE),
    Ask("negative determinants", ("primes", "negative_determinant"), change=SIGNED),
    Ask("negative determinants, five rows", ("primes", "negative_determinant"), sizes=FIVE, change=SIGNED),
    Ask("lower triangles", ("primes", "triangular"), sizes=FIVE, change=matrix(np.tril)),
    Ask("upper triangles", ("primes", "triangular"), change=matrix(np.triu)),
    Ask("symmetric matrices", ("primes", "symmetric"), change=SYMMETRIC),
    Ask("nothing on the diagonal", ("primes", "permuted"), change=matrix(lambda m: m * (1 - np.eye(3)))),
    Ask("an exchange of two axes", ("primes", "permuted", "rotation"), sizes=TWO,
        change=put(matrix=[[[0, 1], [1, 0]]] * 7)),
    Ask("rotations by multiples of the angle of 3, 4, 5", ("primes", "rotation"), sizes={"B": 3, "D": 2},
        change=put(matrix=[[[0.6, -0.8], [0.8, 0.6]], [[-0.28, -0.96], [0.96, -0.28]], [[0.8, 0.6], [-0.6, 0.8]]])),
    Ask("I and what is of the order of 1e-5", ("primes", "near_identity"), "tiny",
        change=matrix(lambda m: np.eye(3) + m)),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, five rows", ("primes", "mixed"), "mixed", FIVE),
    Ask("all elements around 30: nearly of rank one", ("primes", "offset"), "offset"),
    Ask("elements of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("a row that nearly is the sum of the others", ("primes", "nearly_singular"), change=towards(2.0**-8)),
    Ask("Hilbert's matrix of five rows", ("primes", "nearly_singular", "symmetric"), sizes={"B": 2, "D": 5},
        change=put(matrix=[[[s / (i + j + 1) for j in range(5)] for i in range(5)] for s in (1, -2)])),
    Ask("rows from 1 to 2⁻³⁰", ("primes", "badly_scaled"), sizes=FIVE,
        change=matrix(lambda m: steps(m, 2.0**-7)[:, None] * m)),
    Ask("columns from 1 to 2³⁰", ("primes", "badly_scaled"), sizes=FIVE, change=matrix(lambda m: steps(m, 2.0**7) * m)),
    Ask("elements of 1e15", ("primes", "product_overflows"), change=scaled(2.0**50, "matrix")),
    Ask("elements of 1e-15, five rows", ("primes", "product_vanishes"), sizes=FIVE, change=scaled(2.0**-50, "matrix")),
    Ask("numbers of 53 bits", ("primes", "full"), change=lambda arrays: {"input.matrix": arrays["input.matrix"] / 3}),
]
CASES = {"log_abs_det": LIST}
