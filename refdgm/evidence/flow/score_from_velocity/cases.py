"""Scores from velocities, from nearly noise to nearly data."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, scaled
from refdgm.evidence.flow.paths import EARLY, HALF, IMAGE, LATE, MATRIX, SPREAD, VECTOR, at
from refdgm.evidence.flow.paths import NOTES as OF_PATHS
from refdgm.evidence.rare import changed

NOTES = {
    **OF_PATHS,
    "no_velocity": "v = 0, as half-way between two laws that are one: the score is −x_t/(1 − t)",
    "origin": "x_t = 0: the score is that of the velocity alone",
    "almost_data": "v − x_t is small: t_bar is a small difference",
}
LATEST = [1 - 2.0**-k for k in (10, 11, 12, 14, 16)]


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number: times stay between 0 and 1."""
    return {name: x / 3 for name, x in arrays.items()}


def beside(arrays: Arrays) -> Arrays:
    """The velocity near the point; all numbers short."""
    x, drawn = (np.round(arrays[f"input.{name}"] * 256) / 256 for name in ("xt", "velocity"))
    return {"input.xt": x, "input.velocity": x + 2.0**-10 * drawn}


def score(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, {}, change)


LIST = [
    score("drawn numbers"),
    score("matrices", sizes=MATRIX),
    score("images", "image", sizes=IMAGE),
    score("long vectors", sizes={"B": 3, "...": (11,)}),
    score("from nearly noise to nearly data", "primes", "spread", change=at(SPREAD)),
    score("images, from nearly noise to nearly data", "image", "spread", sizes=IMAGE, change=at(SPREAD)),
    score("near_noise", "primes", "near_noise", change=at(EARLY)),
    score("early images", "image", "near_noise", sizes=IMAGE, change=at(EARLY)),
    score("near_data", "primes", "near_data", change=at(LATE)),
    score("late images", "image", "near_data", sizes=IMAGE, change=at(LATE)),
    score("the last steps", "primes", "near_data", change=at(LATEST)),
    score("half of the way", "primes", "midway", change=at(HALF)),
    score("no velocity", "primes", "no_velocity", change=scaled(0, "velocity")),
    score("at the origin", "primes", "origin", change=scaled(0, "xt")),
    score("a velocity near the point, late", "primes", "near_data", "almost_data", change=both(at(LATE), beside)),
    score("small points, great velocities", "primes", "spread", change=both(at(SPREAD), scaled(2.0**-10, "xt"))),
    score("great points, small velocities", "primes", "spread", change=both(at(SPREAD), scaled(2.0**-10, "velocity"))),
    score("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
    score("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
    score("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
    score("one example", "single_example", sizes={"B": 1, "...": (3,)}),
    score("one component", "single_axis", sizes={"B": 5, "...": (1,)}),
    score("numbers around 30", "primes", "offset", regime="offset"),
    score("numbers of the order of 1e-5", "primes", "tiny", regime="tiny"),
    score("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    score("numbers of 53 bits", "primes", "full", change=thirds),
]

CASES = {"score_from_velocity": LIST}
RARE = {"score_from_velocity": (lambda case: changed(case, t=lambda x: 1 - x / 2048),)}
