"""Moments of two normal laws, of few and of more components."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled, thirds

NOTES = {
    "one_line": "one component: a difference of two standard deviations",
    "one_mean": "two laws of one mean: only the covariances tell",
    "commuting": "covariances with the same eigenvectors: a product of roots is a root of the product",
    "crossed": "covariances with nothing in common: axes of one lie across those of the other",
    "dependent": "components that nearly determine one another: an inverse root is large",
    "full": "numbers that use all bits of a float64: products and sums round",
}


def nearly(arrays: Arrays) -> Arrays:
    """The one covariance, with an eighth of the other beside it."""
    return {"input.cov_q": arrays["input.cov_p"] + arrays["input.cov_q"] / 8}


def blocks(arrays: Arrays) -> Arrays:
    """The first component by itself in both: a line beside a plane."""
    changed = {}
    for name in ("input.cov_p", "input.cov_q"):
        x = np.array(arrays[name])
        x[0, 1:] = x[1:, 0] = 0
        changed[name] = x
    return changed


TWO, THREE, FIVE, SEVEN = ({"D": n} for n in (2, 3, 5, 7))
CASES = {"frechet_distance": [
    Ask("plain numbers of two components", ("primes",), sizes=TWO),
    Ask("plain numbers of three components", ("primes",), sizes=THREE),
    Ask("plain numbers of five components", ("primes",), sizes=FIVE),
    Ask("plain numbers of seven components", ("primes",), sizes=SEVEN),
    Ask("other signs of two", ("primes",), sizes=TWO),
    Ask("other signs of three", ("primes",), sizes=THREE),
    Ask("one component", ("single_axis", "one_line"), sizes={"D": 1}),
    Ask("one component, a narrow law and a wide one", ("one_line",), sizes={"D": 1}, change=scaled(2.0**-8, "cov_p")),
    Ask("means around 30", ("primes", "offset"), "offset", TWO),
    Ask("one mean around 64, the other around 0", ("primes",), sizes=THREE, change=moved(64.0, "mean_q")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", THREE),
    Ask("components in units of their own", ("primes", "mixed"), "mixed", THREE),
    Ask("components in units of their own, five of them", ("primes", "mixed"), "mixed", FIVE),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", TWO),
    Ask("a covariance, and an eighth of another beside it", ("near",), sizes=THREE, change=nearly),
    Ask("laws that differ by 1e-4", ("near",), "near", TWO),
    Ask("a law of an eighth of the other's width", ("primes",), sizes=TWO, change=scaled(2.0**-6, "cov_q")),
    Ask("two laws of one mean", ("one_mean",), sizes=TWO, change=put(mean_p=[1, -2], mean_q=[1, -2])),
    Ask("the same axes, other widths", ("commuting",), sizes=TWO, change=put(
        cov_p=[[5, 3], [3, 5]], cov_q=[[2.5, -2], [-2, 2.5]])),
    Ask("axes of the one, and a ball", ("commuting",), sizes=THREE, change=put(
        cov_q=[[2, 0, 0], [0, 2, 0], [0, 0, 2]])),
    Ask("two narrow laws across one another", ("crossed", "dependent"), sizes=TWO, change=put(
        cov_p=[[1, 0.96875], [0.96875, 1]], cov_q=[[2, -1.9375], [-1.9375, 2]])),
    Ask("two narrow laws nearly along one another", ("dependent",), sizes=TWO, change=put(
        cov_p=[[1, 0.9375], [0.9375, 1]], cov_q=[[1, 0.96875], [0.96875, 1]])),
    Ask("a line beside a plane", ("crossed",), sizes=THREE, change=blocks),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=THREE, change=thirds),
    Ask("numbers of 53 bits, in units of their own", ("primes", "full"), "mixed", TWO, change=both(
        thirds, scaled(4.0, "mean_p"))),
]}
