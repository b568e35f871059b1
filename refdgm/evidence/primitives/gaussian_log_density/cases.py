"""Log-densities of diagonal Gaussians: near the mean, far out, and at every scale."""

from refdgm.evidence.ask import Ask, both, close_to, long, put, scaled
from refdgm.evidence.rare import changed

NOTES = {
    "at_the_mean": "x is the mean: only the normaliser speaks, the slopes for x and mean are exactly zero",
    "one_sigma": "x about one σ from the mean: the gradient of the log-variance is a difference that cancels",
    "unit_variance": "log-variances of exactly zero: a confusion of σ and σ² shows in their gradient alone",
    "broad": "large variances",
    "sharp": "small variances: x − μ is many σ",
}
SQUARE = {"B": 3, "D": 3}
LIST = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more components than examples", sizes={"B": 2, "D": 11}),
    Ask("more examples than components", sizes={"B": 13, "D": 2}),
    Ask("as many examples as components", ("square",), sizes=SQUARE),
    Ask("as many examples as components, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes={"B": 1, "D": 3}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "D": 1}),
    Ask("everything around 30", ("primes", "offset", "broad"), "offset"),
    Ask("log-variances around −30, all else around 30", ("primes", "offset", "sharp"), "offset",
        change=scaled(-1, "logvar")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("x and mean nearly agree", ("primes", "near"), "near"),
    Ask("x is the mean", ("primes", "at_the_mean"), change=close_to("x", "mean", 0.0)),
    Ask("x is the mean, sharp and broad variances", ("primes", "at_the_mean", "sharp", "broad"),
        change=both(scaled(16, "logvar"), close_to("x", "mean", 0.0))),
    Ask("unit variances", ("primes", "unit_variance", "mixed"), "mixed", change=scaled(0, "logvar")),
    Ask("x one σ from the mean, up to 2^−20", ("primes", "one_sigma"),
        change=both(scaled(2.0**-20, "logvar"), put(
            mean=[[1.0, -1.0, 0.5], [0.0, 2.0, -2.0], [0.25, 3.0, -0.5], [1.5, -0.75, 0.0], [4.0, -4.0, 8.0]],
            x=[[2.0, -2.0, 1.5], [1.0, 3.0, -3.0], [1.25, 4.0, -1.5], [2.5, 0.25, -1.0], [5.0, -3.0, 7.0]]))),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, again", ("primes", "mixed"), "mixed"),
    Ask("everything of the order of 15", ("primes", "extreme", "sharp", "broad"), "extreme"),
    Ask("variances from e^−40 to e^40", ("primes", "broad", "sharp"), change=scaled(16, "logvar")),
    Ask("x a thousand σ from the mean", ("primes", "extreme"), "extreme",
        change=both(scaled(64, "x"), scaled(1 / 16, "logvar"))),
    Ask("mean much smaller than x", ("primes",), change=scaled(2.0**-20, "mean")),
]

CASES = {"gaussian_log_density": [*LIST, *long({"B": 2, "D": 130}, {"B": 1, "D": 1025})]}
RARE = {"gaussian_log_density": (lambda case: changed(case, logvar=lambda x: x - 15),)}
