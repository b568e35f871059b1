"""Residuals of densities that solve the equation, nearly, and not at all."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "transport_alone": "g = 0 for some examples: the equation of transport alone",
    "quiet": "g of the order of 1e-2, as where an exploding process begins",
    "loud": "g up to 64, as where it ends",
    "stationary": "f = ½ g² s nearly: the law of the Langevin process is at rest",
    "solved": "numbers of a Gaussian that the process carries, as float32 has them: what is left is their rounding",
    "no_drift": "no drift and no divergence, as in exploding processes",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
QUIET = [0.01, 0.02, 0.03, 0.05, 0.1]
LOUD = [4.0, 9.0, 16.5, 33.0, 64.0]
MIXED = [0.0, -1.5, 0.0, 0.25, 7.0]


def solved(arrays: Arrays) -> Arrays:
    """f = −½ g² x under N(0, v), of the numbers that were drawn for x and v; in (B, D)."""
    x, g, v = arrays["input.score"], arrays["input.diffusion"], 0.5 + arrays["input.rate"] ** 2
    dimension, norm = x.shape[1], np.sum(x**2, axis=1)
    growth = g**2 * (1 - v)  # dv/dt
    made = {"rate": (norm / v - dimension) * growth / (2 * v), "drift": -(g[:, None] ** 2) / 2 * x,
            "divergence": -dimension * g**2 / 2, "score": -x / v[:, None], "score_divergence": -dimension / v}
    return {f"input.{name}": y.astype(np.float32).astype(np.float64) for name, y in made.items()}


def at_rest(arrays: Arrays) -> Arrays:
    g, s = arrays["input.diffusion"], arrays["input.score"]
    made = {"drift": g.reshape(-1, *(1 for _ in s.shape[1:])) ** 2 / 2 * s, "rate": 0 * g,
            "divergence": g**2 / 2 * arrays["input.score_divergence"]}
    return {f"input.{name}": y.astype(np.float32).astype(np.float64) for name, y in made.items()}


def with_diffusion(*g: float) -> Any:
    return put(diffusion=g)


LIST = [
    Ask("drawn numbers", sizes=VECTOR),
    Ask("matrices", sizes=MATRIX),
    Ask("long vectors", sizes={"B": 3, "...": (11,)}),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("images, much diffusion", ("image", "loud"), sizes=IMAGE, change=with_diffusion(*LOUD)),
    Ask("little diffusion", ("primes", "quiet"), sizes=VECTOR, change=with_diffusion(*QUIET)),
    Ask("much diffusion", ("primes", "loud"), sizes=VECTOR, change=with_diffusion(*LOUD)),
    Ask("much diffusion, small scores", ("primes", "loud"), sizes=VECTOR,
        change=both(with_diffusion(*LOUD), scaled(2.0**-6, "score"))),
    Ask("no drift, much diffusion", ("primes", "loud", "no_drift"), sizes=VECTOR,
        change=both(with_diffusion(*LOUD), scaled(0, "drift", "divergence"))),
    Ask("no drift, little diffusion", ("primes", "quiet", "no_drift"), sizes=VECTOR,
        change=both(with_diffusion(*QUIET), scaled(0, "drift", "divergence"))),
    Ask("some examples without diffusion, one of the other sign", ("primes", "transport_alone"), sizes=VECTOR,
        change=with_diffusion(*MIXED)),
    Ask("matrices, some without diffusion", ("primes", "transport_alone"), sizes={"B": 5, "...": (3, 2)},
        change=with_diffusion(*MIXED)),
    Ask("a Gaussian that the process carries", ("primes", "solved"), sizes=VECTOR, change=solved),
    Ask("a Gaussian that the process carries, much diffusion", ("primes", "solved", "loud"), sizes=VECTOR,
        change=both(with_diffusion(*LOUD), solved)),
    Ask("a Langevin process at rest", ("primes", "stationary"), sizes=VECTOR, change=at_rest),
    Ask("a Langevin process of matrices at rest, much diffusion", ("primes", "stationary", "loud"),
        sizes={"B": 5, "...": (3, 2)}, change=both(with_diffusion(*LOUD), at_rest)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("numbers around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", MATRIX),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"fokker_planck_residual": LIST}
