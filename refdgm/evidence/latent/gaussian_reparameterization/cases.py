"""Draws of Gaussians: small and large variances, noise of zero, examples of every rank."""

from refdgm.evidence.ask import Ask, both, put, scaled, thirds

NOTES = {
    "unit_variance": "log-variances of exactly zero: a confusion of σ and σ² shows in their gradient alone",
    "broad": "large variances",
    "hidden_draw": "small variances: the draw is hidden in the digits of the mean, its gradient is not",
    "no_draw": "noise of exactly zero for some components: the mean itself, and no gradient of the variance",
    "variance_only": "means of exactly zero: only the variances speak",
    "bare": "one number an example",
    "rank_three": "examples of rank two",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR, MATRIX = {"B": 5, "...": (3,)}, {"B": 5, "...": (2, 3)}
ZEROS = [[0.0, 1.5, -0.25], [0.0, 0.0, 0.0], [0.5, 0.0, -2.0], [1.0, -1.0, 0.0], [0.0, 0.0, 3.0]]
CASES = {"gaussian_reparameterization": [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("more components than examples", sizes={"B": 2, "...": (11,)}),
    Ask("more examples than components", sizes={"B": 13, "...": (2,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (7,)}),
    Ask("one number an example", ("bare",), sizes={"B": 7, "...": ()}),
    Ask("matrices", ("primes", "rank_three"), sizes=MATRIX),
    Ask("matrices, magnitudes from 1e-3 to 20", ("primes", "rank_three", "mixed"), "mixed", MATRIX),
    Ask("unit variances", ("primes", "unit_variance"), sizes=VECTOR, change=scaled(0, "logvar")),
    Ask("unit variances, magnitudes from 1e-3 to 20", ("primes", "unit_variance", "mixed"), "mixed", VECTOR,
        change=scaled(0, "logvar")),
    Ask("means of zero", ("primes", "variance_only"), sizes=VECTOR, change=scaled(0, "mean")),
    Ask("noise of zero here and there", ("primes", "no_draw"), sizes=VECTOR, change=put(eps=ZEROS)),
    Ask("noise of zero, variances from e^−20 to e^20", ("primes", "no_draw", "broad"), sizes=VECTOR,
        change=both(scaled(8, "logvar"), put(eps=ZEROS))),
    Ask("everything around 30", ("primes", "offset", "broad"), "offset", VECTOR),
    Ask("log-variances around −30, means around 30", ("primes", "offset", "hidden_draw"), "offset", VECTOR,
        change=scaled(-1, "logvar")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("means and log-variances of the order of 15", ("primes", "extreme", "broad"), "extreme", VECTOR),
    Ask("variances from e^−100 to e^100", ("primes", "extreme", "broad"), "extreme", VECTOR,
        change=scaled(4, "logvar")),
    Ask("means of a millionth", sizes=VECTOR, change=scaled(2.0**-20, "mean")),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]}
