"""Points of straight paths, with and without noise at their ends."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled
from refdgm.evidence.flow.paths import EARLY, HALF, IMAGE, LATE, MATRIX, SPREAD, VECTOR, at
from refdgm.evidence.flow.paths import NOTES as OF_PATHS

NOTES = {
    **OF_PATHS,
    "rectified": "σ = 0: the path ends in the data themselves",
    "usual": "the numbers that are used in practice",
    "much_left": "σ = ¾: most of the noise is left at the end",
    "nothing_removed": "σ = 1: data are added to all of the noise, and the target is the data",
    "at_the_ends": "times of 0 and 1 themselves: the noise, and data with σ of noise",
    "small_source": "noise a thousand times smaller than the data: in x_t its digits are few",
}
ENDS = [0.0, 1.0, 0.5, 0.0, 1.0]


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number: times and parts stay from 0 to 1."""
    return {name: x / 3 for name, x in arrays.items()}


def path(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, {}, change)


LIST = [
    path("drawn numbers"),
    path("matrices", sizes=MATRIX),
    path("images", "image", sizes=IMAGE),
    path("rectified", "primes", "rectified", change=put(sigma_min=0.0)),
    path("rectified images", "image", "rectified", sizes=IMAGE, change=at(SPREAD, sigma_min=0.0)),
    path("rectified, early", "primes", "rectified", "near_noise", change=at(EARLY, sigma_min=0.0)),
    path("rectified, late", "primes", "rectified", "near_data", change=at(LATE, sigma_min=0.0)),
    path("σ as it is used", "primes", "usual", change=put(sigma_min=1e-4)),
    path("σ as it is used, late", "primes", "usual", "near_data", change=at(LATE, sigma_min=1e-4)),
    path("much noise left", "primes", "much_left", change=put(sigma_min=0.75)),
    path("much noise left, late", "primes", "much_left", "near_data", change=at(LATE, sigma_min=0.75)),
    path("nothing removed", "primes", "nothing_removed", change=put(sigma_min=1.0)),
    path("from the noise to the data", "primes", "spread", change=at(SPREAD)),
    path("the ends of the path", "primes", "at_the_ends", "much_left", change=at(ENDS, sigma_min=0.75)),
    path("half of the way", "primes", "midway", change=at(HALF)),
    path("near_noise", "primes", "near_noise", change=at(EARLY)),
    path("small noise, late", "primes", "near_data", "small_source",
         change=both(at(LATE, sigma_min=0.125), scaled(2.0**-10, "x0"))),
    path("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
    path("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
    path("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
    path("one example", "single_example", sizes={"B": 1, "...": (3,)}),
    path("one component", "single_axis", sizes={"B": 5, "...": (1,)}),
    path("numbers around 30", "primes", "offset", regime="offset"),
    path("numbers of the order of 1e-5", "primes", "tiny", regime="tiny"),
    path("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    path("noise and data that nearly agree", "primes", "near", regime="near", change=put(sigma_min=0.0)),
    path("numbers of 53 bits", "primes", "full", change=thirds),
    path("numbers of 53 bits, images", "image", "full", sizes=IMAGE, change=thirds),
]

CASES = {"flow_matching_path": LIST}
