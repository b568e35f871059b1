"""Divergences of diagonal Gaussians: from far apart to the place where training ends."""

from refdgm.evidence.ask import Ask, both, close_to, long, put, scaled
from refdgm.evidence.rare import changed, times

NOTES = {
    "optimum": "almost no divergence: e^λ − 1 − λ has lost all digits if it is formed from its three parts",
    "wide": "large variances: the exponential rules",
    "narrow": "small variances: the logarithm rules",
    "mean_only": "log-variances of exactly zero: only the means speak",
    "variance_only": "means of exactly zero: only the variances speak",
}
SQUARE = {"B": 3, "D": 3}
ONE = {"B": 1, "D": 3}
ONE_SIDED = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more components than examples", sizes={"B": 2, "D": 11}),
    Ask("more examples than components", sizes={"B": 13, "D": 2}),
    Ask("as many examples as components", ("square",), sizes=SQUARE),
    Ask("as many examples as components, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes=ONE),
    Ask("one component", ("single_axis",), sizes={"B": 5, "D": 1}),
    Ask("means and log-variances around 30", ("primes", "offset"), "offset"),
    Ask("log-variances around −30", ("primes", "offset", "narrow"), "offset", change=scaled(-1, "logvar")),
    Ask("everything of the order of 1e-5", ("primes", "tiny", "optimum"), "tiny"),
    Ask("everything of the order of 1e-5, doubled log-variances", ("primes", "tiny", "optimum"), "tiny",
        change=scaled(2, "logvar")),
    Ask("log-variances of about 1e-6", ("primes", "optimum"), change=scaled(2.0**-20, "logvar", "mean")),
    Ask("log-variances of about 1e-12 beside ordinary means", ("primes", "optimum"), change=scaled(2.0**-40, "logvar")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, again", ("primes", "mixed"), "mixed"),
    Ask("log-variances of the order of 15", ("primes", "extreme", "wide"), "extreme"),
    Ask("log-variances up to 120", ("primes", "wide"), change=scaled(64, "logvar")),
    Ask("log-variances down to −120, means of the order of one", ("primes", "narrow"), "extreme",
        change=both(scaled(-4, "logvar"), scaled(1 / 16, "mean"))),
    Ask("log-variances around the place where a series takes over", ("primes",),
        change=put(logvar=[[0.5, -0.5, 0.4921875], [0.5078125, -0.4921875, -0.5078125], [0.25, -0.25, 0.75],
                           [0.375, -0.375, 0.625], [-0.625, 1.0, -1.0]])),
    Ask("means of zero", ("primes", "variance_only"), change=scaled(0, "mean")),
]
TWO_SIDED = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more components than examples", sizes={"B": 2, "D": 11}),
    Ask("more examples than components", sizes={"B": 13, "D": 2}),
    Ask("as many examples as components", ("square",), sizes=SQUARE),
    Ask("as many examples as components, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes=ONE),
    Ask("one component", ("single_axis",), sizes={"B": 5, "D": 1}),
    Ask("all means and log-variances around 30", ("primes", "offset"), "offset"),
    Ask("all log-variances around −30", ("primes", "offset", "narrow"), "offset",
        change=scaled(-1, "logvar_q", "logvar_p")),
    Ask("everything of the order of 1e-5", ("primes", "tiny", "optimum"), "tiny"),
    Ask("two Gaussians that nearly agree", ("primes", "near", "optimum"), "near"),
    Ask("two wide Gaussians that nearly agree", ("primes", "near", "optimum", "wide"),
        change=both(scaled(4, "logvar_p"), close_to("mean_q", "mean_p", 2.0**-20),
                    close_to("logvar_q", "logvar_p", 2.0**-20))),
    Ask("equal means, far from zero", ("primes", "offset", "variance_only"), "offset",
        change=both(scaled(1 / 16, "logvar_q", "logvar_p"), close_to("mean_q", "mean_p", 0.0))),
    Ask("equal variances", ("primes", "mean_only"), change=close_to("logvar_q", "logvar_p", 0.0)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, again", ("primes", "mixed"), "mixed"),
    Ask("log-variances of the order of 15", ("primes", "extreme", "wide"), "extreme"),
    Ask("a narrow q against a wide p", ("primes", "narrow", "wide"),
        change=both(scaled(-8, "logvar_q"), scaled(8, "logvar_p"))),
    Ask("means a thousand standard deviations apart", ("primes", "extreme"), "extreme",
        change=both(scaled(64, "mean_q"), scaled(1 / 16, "logvar_q", "logvar_p"))),
]

CASES = {"gaussian_kl": [*ONE_SIDED, *long({"B": 2, "D": 130}, {"B": 1, "D": 1025})],
         "gaussian_kl_between": [*TWO_SIDED, *long({"B": 2, "D": 130}, {"B": 1, "D": 1025})]}
RARE = {
    "gaussian_kl": (lambda case: changed(case, logvar=times(20)), lambda case: changed(case, logvar=lambda x: x - 40)),
}
