"""Cases of Langevin steps and chains."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled
from refdgm.evidence.rare import changed, times

NOTES = {
    "small_step": "a small step: the noise, of the size √η, is larger than the drift by 1/√η",
    "large_step": "a step of the order of ten: the drift is larger than the noise",
    "single_step": "a chain of one step: no error can hide in the chaining",
    "still": "no noise: gradient ascent",
    "drift_only": "a start, a score and no noise, all of the order of one",
    "many_ranks": "examples of rank three, as images are",
    "settled": "the score of a Gaussian, from a start in its tail",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
SIZES = {"B": 5, "D": 3, "T": 2, "hidden": (7,)}
LONG = {"B": 2, "D": 3, "T": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "T": 3, "L": 3, "hidden": (3,)}
SMALL = put(step=1 / 1024)
HALF = put(step=0.5)


def gaussian(arrays: Arrays) -> Arrays:
    """A score −Λ(x − μ) of a Gaussian, Λ = AAᵀ/8 + I/4 of the drawn A, in short numbers."""
    a = arrays["input.theta.A"]
    return {"input.theta.A": -np.round(a @ a.T * 128) / 1024 - np.eye(len(a)) / 4}


STEPS = [
    Ask("a drawn step", sizes=VECTOR),
    Ask("another drawn step", sizes=VECTOR),
    Ask("η = 1/1024", ("primes", "small_step"), sizes=VECTOR, change=SMALL),
    Ask("η = 0.0001", ("primes", "small_step"), sizes=VECTOR, change=put(step=0.0001)),
    Ask("η = 1/2", sizes=VECTOR, change=HALF),
    Ask("η = 20", ("primes", "large_step"), sizes=VECTOR, change=put(step=20.0)),
    Ask("no noise", ("primes", "drift_only"), sizes=VECTOR, change=both(scaled(0, "eps"), HALF)),
    Ask("no score", ("primes", "drift_only"), sizes=VECTOR, change=both(scaled(0, "score"), HALF)),
    Ask("a score against the state", sizes=VECTOR, change=both(scaled(-4, "score"), HALF)),
    Ask("images", ("many_ranks",), sizes=IMAGE, change=HALF),
    Ask("images, η = 1/1024", ("many_ranks", "small_step"), sizes=IMAGE, change=SMALL),
    Ask("images, magnitudes from 1e-3 to 20", ("many_ranks", "mixed"), "mixed", IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("one number an example", sizes={"B": 7, "...": ()}, change=HALF),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}, change=HALF),
    Ask("square images", ("square", "many_ranks"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (5,)}, change=HALF),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}, change=HALF),
    Ask("states around 30", ("primes", "offset"), "offset", VECTOR, change=SMALL),
    Ask("states of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("states of the order of 15", ("primes", "extreme", "large_step"), "extreme", VECTOR),
    Ask("a score near the state", ("primes", "near"), "near", VECTOR, change=HALF),
]


def chain(comment: str, score: str, flags: tuple[str, ...] = ("primes",), sizes: Any = SIZES,
          regime: str = "unit", change: Any = None) -> Ask:
    return Ask(f"{comment}: {score}", flags, regime, sizes, {"score": score}, change)


CHAINS = [
    *[chain("two steps of a drawn size", name) for name in ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")],
    *[chain("five small steps", name, ("primes", "small_step"), LONG, change=SMALL)
      for name in ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")],
    *[chain("all sizes equal", name, ("square",), SQUARE, change=HALF)
      for name in ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")],
    chain("one step", "mlp_tanh", ("single_step",), SIZES | {"T": 1}),
    chain("one step", "linear", ("single_step",), SIZES | {"T": 1}, change=HALF),
    chain("a Gaussian", "linear", ("primes", "settled"), LONG, change=both(gaussian, HALF)),
    chain("a Gaussian, from far out", "linear", ("primes", "settled", "extreme"),
          LONG | {"T": 7, "hidden": (11,)}, "extreme", both(gaussian, put(step=0.25))),
    chain("no noise", "mlp_silu", ("primes", "still"), change=both(scaled(0, "eps"), HALF)),
    chain("beyond stability", "linear", ("primes", "large_step"), LONG, change=both(gaussian, put(step=20.0))),
    chain("one example", "mlp_tanh", ("single_example",), SIZES | {"B": 1}, change=HALF),
    chain("one component", "mlp_softplus", ("single_axis",), SIZES | {"D": 1}, change=HALF),
    chain("two hidden layers", "mlp_tanh", ("primes",), {"B": 3, "D": 2, "T": 5, "hidden": (7, 11)}, change=HALF),
    chain("states of the order of 15", "mlp_tanh", ("primes", "extreme"), regime="extreme"),
    chain("states of the order of 1e-5", "mlp_silu", ("primes", "tiny"), regime="tiny"),
    chain("magnitudes from 1e-3 to 20", "mlp_tanh", ("primes", "mixed"), regime="mixed", change=HALF),
]

CASES = {"langevin_step": STEPS, "langevin_chain": CHAINS}
RARE = {"langevin_step": (lambda case: changed(case, score=times(30)),)}
