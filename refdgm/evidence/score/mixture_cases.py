"""Noised Gaussian mixtures: full, flat and vanishing covariances, little noise and much, near modes and far out."""

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled

NOTES = {
    "one_component": "a single Gaussian: the shares are one, the Hessian is constant",
    "two_components": "two Gaussians, between which the Hessian changes sign",
    "flat": "covariances of rank one: the noise alone gives them their inverse",
    "cloud": "factors of zero: the components are points, as data are",
    "little_sigma": "σ below the size of the components: posterior and data nearly agree",
    "much_sigma": "σ far beyond the size of the data: the score is nearly −x/σ²",
    "reflected": "a below zero",
    "faint": "a near zero: the data hardly show in x",
    "far_out": "points in the tail: the components' densities underflow, their ratios do not",
    "unequal": "weights from 1e-4 to one",
    "between": "points halfway between two means",
    "skewed": "factors that are not symmetric: F Fᵀ is not Fᵀ F",
}
SIZES = {"B": 5, "D": 3, "K": 2}
SQUARE = {"B": 3, "D": 3, "K": 3}
PLANE = {"B": 5, "D": 2, "K": 3}
WHITE = put(a=0.75, sigma=0.5)
NEAR = put(a=1.0, sigma=0.0625)
NOISY = put(a=0.5, sigma=8.0)


def flat(arrays: Arrays) -> Arrays:
    """Only the first column of every factor is left."""
    factors = arrays["input.factors"].copy()
    factors[:, :, 1:] = 0
    return {"input.factors": factors}


def between(arrays: Arrays) -> Arrays:
    """Points near a (μ_1 + μ_2)/2, in short numbers."""
    a, means, x = (arrays[f"input.{name}"] for name in ("a", "means", "x"))
    middle = np.round(a * (means[0] + means[1]) * 512) / 1024
    return {"input.x": np.asarray(middle + x / 16, np.float32).astype(np.float64)}


LIST = [
    Ask("drawn scales", ("primes", "skewed"), sizes=SIZES),
    Ask("other drawn scales", ("primes", "skewed"), sizes=PLANE),
    Ask("a = 3/4, σ = 1/2", ("primes", "skewed"), sizes=SIZES, change=WHITE),
    Ask("in the plane", ("primes", "skewed"), sizes=PLANE, change=WHITE),
    Ask("many components", ("primes",), sizes={"B": 3, "D": 2, "K": 11}, change=WHITE),
    Ask("five dimensions", ("primes", "skewed"), sizes={"B": 2, "D": 5, "K": 3}, change=WHITE),
    Ask("all sizes equal", ("square", "skewed"), sizes=SQUARE, change=WHITE),
    Ask("all sizes equal, reflected", ("square", "reflected"), sizes=SQUARE, change=put(a=-1.25, sigma=0.75)),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, change=WHITE),
    Ask("one dimension", ("single_axis",), sizes={"B": 5, "D": 1, "K": 3}, change=WHITE),
    Ask("one component", ("one_component",), sizes=SIZES | {"K": 1}, change=WHITE),
    Ask("two components", ("primes", "two_components"), sizes=SIZES, change=WHITE),
    Ask("between two components", ("primes", "two_components", "between"), sizes=SIZES,
        change=both(put(a=1.0, sigma=0.5), between)),
    Ask("reflected", ("primes", "reflected"), sizes=SIZES, change=put(a=-0.75, sigma=0.5)),
    Ask("a = 1/64", ("primes", "faint"), sizes=SIZES, change=put(a=1 / 64, sigma=1.0)),
    Ask("σ = 8", ("primes", "much_sigma"), sizes=SIZES, change=NOISY),
    Ask("σ = 1/16", ("primes", "little_sigma"), sizes=SIZES, change=NEAR),
    Ask("σ = 1/1024, as wide as the data", ("primes", "little_sigma"), sizes=SIZES, change=put(a=1.0, sigma=1 / 1024)),
    Ask("covariances of rank one", ("primes", "flat"), sizes=SIZES, change=both(WHITE, flat)),
    Ask("covariances of rank one, σ = 1/16", ("primes", "flat", "little_sigma"), sizes=PLANE, change=both(NEAR, flat)),
    Ask("points", ("primes", "cloud"), sizes={"B": 5, "D": 2, "K": 7}, change=both(WHITE, scaled(0, "factors"))),
    Ask("points, reflected", ("primes", "cloud", "reflected"), sizes=SIZES,
        change=both(put(a=-0.75, sigma=0.75), scaled(0, "factors"))),
    Ask("small components", ("primes",), sizes=PLANE, change=both(WHITE, scaled(1 / 16, "factors"))),
    Ask("unequal weights", ("primes", "unequal"), sizes=PLANE, change=both(WHITE, scaled(4, "logits"))),
    Ask("points in the tail", ("primes", "far_out"), sizes=PLANE, change=both(WHITE, scaled(32, "x"))),
    Ask("points farther in the tail, small components", ("primes", "far_out"), sizes=SIZES,
        change=both(WHITE, scaled(64, "x"), scaled(1 / 4, "factors"))),
    Ask("far from the origin", ("primes", "offset"), sizes=PLANE, change=both(put(a=1.0, sigma=0.5),
                                                                              moved(32.0, "x", "means"))),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES),
]
