"""Ratios of proposals near and far, of steps small and large."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, close_to, long, moved, put, scaled, thirds

NOTES = {
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "proposed": "y is what a Langevin step proposes, of numbers that were drawn as its noise",
    "small_eta": "η below 1e-3: ‖d‖²/η is far larger than what is left of the two",
    "large_eta": "η of 16 and more: the scores rule",
    "far_proposal": "y far from x",
    "equal_scores": "scores that agree: the step does not matter and has no gradient",
    "no_scores": "scores of zero: the densities alone decide, as for a random walk",
    "high": "log-densities around 1024: their difference cancels",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def proposed(arrays: Arrays) -> Arrays:
    """y = x + (η/2) s_x + √η y, as float32 has it."""
    x, y, score, step = (arrays[f"input.{name}"] for name in ("x", "y", "score_x", "step"))
    return {"input.y": (x + step / 2 * score + np.sqrt(step) * y).astype(np.float32).astype(np.float64)}


def stepped(by: float) -> Any:
    return both(put(step=by), proposed)


def same_scores(arrays: Arrays) -> Arrays:
    return {"input.score_y": +arrays["input.score_x"]}


LIST = [
    Ask("drawn numbers", sizes=VECTOR),
    Ask("matrices", sizes=MATRIX),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("long vectors", sizes={"B": 3, "...": (11,)}),
    Ask("a proposal, η = 1/4", ("primes", "proposed"), sizes=VECTOR, change=stepped(0.25)),
    Ask("a proposal of matrices, η = 1", ("primes", "proposed"), sizes=MATRIX, change=stepped(1.0)),
    Ask("a proposal, η of about 1e-3", ("primes", "proposed", "small_eta"), sizes=VECTOR, change=stepped(1e-3)),
    Ask("a proposal, η of about 1e-4", ("primes", "proposed", "small_eta"), sizes=VECTOR, change=stepped(2.0**-13)),
    Ask("a proposal of images, η of about 1e-4", ("image", "proposed", "small_eta"), sizes=IMAGE,
        change=stepped(1e-4)),
    Ask("a proposal, η = 16", ("primes", "proposed", "large_eta"), sizes=VECTOR, change=stepped(16.0)),
    Ask("η = 256", ("primes", "large_eta"), sizes=VECTOR, change=put(step=256.0)),
    Ask("y far from x", ("primes", "far_proposal"), sizes=VECTOR, change=scaled(2.0**10, "y")),
    Ask("y far from x, a small step", ("primes", "far_proposal", "small_eta"), sizes=VECTOR,
        change=both(scaled(2.0**10, "y"), put(step=1e-4))),
    Ask("y near x, no step to speak of", ("primes", "near", "small_eta"), sizes=VECTOR,
        change=both(close_to("y", "x", 2.0**-10), put(step=2.0**-16))),
    Ask("equal scores", ("primes", "equal_scores"), sizes=VECTOR, change=same_scores),
    Ask("no scores", ("primes", "no_scores"), sizes=VECTOR, change=scaled(0, "score_x", "score_y")),
    Ask("large log-densities", ("primes", "high"), sizes=VECTOR,
        change=moved(1024.0, "log_density_x", "log_density_y")),
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

CASES = {"mala_log_ratio": [*LIST, *long({"B": 2, "...": (130,)})]}
