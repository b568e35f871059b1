"""The objective of flow matching: of networks that know nothing, and of those that nearly know."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, long, put, scaled
from refdgm.evidence.flow.paths import IMAGE, MATRIX, VECTOR
from refdgm.evidence.flow.paths import NOTES as OF_PATHS

NOTES = {
    **OF_PATHS,
    "rectified": "σ = 0: the path ends in the data themselves",
    "usual": "the numbers that are used in practice",
    "much_left": "σ = ¾: most of the noise is left at the end",
    "nothing_removed": "σ = 1: data are added to all of the noise, and the target is the data",
    "trained": "a prediction near its target: the residual is a small difference",
    "learnt": "a velocity that is the target itself: no loss and no gradient",
    "zero_velocity": "a velocity of zero: the loss is the length of the target",
}


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number: σ stays from 0 to 1."""
    return {name: x / 3 for name, x in arrays.items()}


def near(by: float, sigma: float) -> Any:
    """The velocity of the pair and `by` times what was drawn; all numbers short."""
    def change(arrays: Arrays) -> Arrays:
        x0, x1, drawn = (np.round(arrays[f"input.{name}"] * 256) / 256 for name in ("x0", "x1", "velocity"))
        return {"input.x0": x0, "input.x1": x1, "input.velocity": x1 - (1 - sigma) * x0 + by * drawn,
                "input.sigma_min": np.asarray(sigma)}

    return change


def loss(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, {}, change)


LIST = [
    loss("drawn numbers"),
    loss("matrices", sizes=MATRIX),
    loss("images", "image", sizes=IMAGE),
    loss("long vectors", sizes={"B": 3, "...": (11,)}),
    loss("rectified", "primes", "rectified", change=put(sigma_min=0.0)),
    loss("rectified images", "image", "rectified", sizes=IMAGE, change=put(sigma_min=0.0)),
    loss("σ as it is used", "primes", "usual", change=put(sigma_min=1e-4)),
    loss("much noise left", "primes", "much_left", change=put(sigma_min=0.75)),
    loss("nothing removed", "primes", "nothing_removed", change=put(sigma_min=1.0)),
    loss("trained, rectified", "primes", "trained", "rectified", change=near(2.0**-8, 0.0)),
    loss("trained, σ of 2⁻¹⁰", "primes", "trained", change=near(2.0**-8, 2.0**-10)),
    loss("trained images, σ of ¼", "image", "trained", sizes=IMAGE, change=near(2.0**-8, 0.25)),
    loss("learnt", "primes", "learnt", "rectified", change=near(0.0, 0.0)),
    loss("zero_velocity", "primes", "zero_velocity", change=scaled(0, "velocity")),
    loss("untrained images", "image", "zero_velocity", sizes=IMAGE, change=scaled(0, "velocity")),
    loss("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
    loss("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
    loss("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
    loss("one example", "single_example", sizes={"B": 1, "...": (3,)}),
    loss("one component", "single_axis", sizes={"B": 5, "...": (1,)}),
    loss("numbers around 30", "primes", "offset", regime="offset"),
    loss("numbers of the order of 1e-5", "primes", "tiny", regime="tiny"),
    loss("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    loss("numbers of the order of 15", "primes", "extreme", regime="extreme", sizes=MATRIX),
    loss("noise and data that nearly agree", "primes", "near", regime="near", change=put(sigma_min=0.0)),
    loss("numbers of 53 bits", "primes", "full", change=thirds),
]

CASES = {"flow_matching_loss": [*LIST, *long({"B": 2, "...": (130,)}, {"B": 1, "...": (1025,)})]}
