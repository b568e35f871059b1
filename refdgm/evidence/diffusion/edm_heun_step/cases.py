"""Cases of Heun's step between noise levels."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, close_to, put, thirds

NOTES = {
    "short": "levels that nearly agree, as in a sampler of many steps: what is not formed as a difference loses digits",
    "long": "σ′ far below σ, as in the last steps of a sampler: D′ weighs much",
    "up": "σ′ above σ: a step that adds noise",
    "half": "σ′ = σ/2, where the weight of D is zero",
    "agreed": "D′ near D: the step is nearly Euler's",
    "published": "noise levels of the paper, from 80 to 0.002 with ρ = 7",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
LEVELS = [80.0, 24.5, 5.84, 0.97, 0.086]
BELOW = [57.6, 16.0, 3.27, 0.41, 0.026]
SHORT = put(sigma=[1.1, 2.2, 0.55, 4.3, 0.27], sigma_next=[1.099, 2.19, 0.5498, 4.29, 0.26998])
LONG = put(sigma=[1.1, 2.2, 8.7, 0.55, 1.6], sigma_next=[0.017, 0.032, 0.033, 0.0079, 0.006])
UP = put(sigma=[1.1, 0.55, 0.27, 2.2, 0.7], sigma_next=[1.6, 2.1, 0.38, 2.3, 3.1])
HALF = put(sigma=[1.1, 0.55, 2.9, 7.1, 0.7], sigma_next=[0.55, 0.275, 1.45, 3.55, 0.35])
USED = put(sigma=LEVELS, sigma_next=BELOW)
AGREED = close_to("denoised_next", "denoised", 2.0**-8)


def at(sigma: float, sigma_next: float) -> Any:
    """These two levels for every example."""
    def change(arrays: Arrays) -> Arrays:
        size = len(arrays["input.sigma"])
        return put(sigma=[sigma] * size, sigma_next=[sigma_next] * size)(arrays)

    return change


HEUN = [
    Ask("drawn levels", sizes=VECTOR),
    Ask("drawn levels, seven examples", sizes={"B": 7, "...": (5,)}),
    Ask("levels of the paper", ("primes", "published"), sizes=VECTOR, change=USED),
    Ask("levels of the paper, images", ("image", "published"), sizes=IMAGE, change=USED),
    Ask("levels of the paper, predictions that nearly agree", ("primes", "published", "agreed"), sizes=VECTOR,
        change=both(USED, AGREED)),
    Ask("short steps", ("primes", "short"), sizes=VECTOR, change=SHORT),
    Ask("short steps, predictions that nearly agree", ("primes", "short", "agreed"), sizes=VECTOR,
        change=both(SHORT, AGREED)),
    Ask("long steps", ("primes", "long"), sizes=VECTOR, change=LONG),
    Ask("long steps, predictions that nearly agree", ("primes", "long", "agreed"), sizes=VECTOR,
        change=both(LONG, AGREED)),
    Ask("steps to higher levels", ("primes", "up"), sizes=VECTOR, change=UP),
    Ask("half the level", ("primes", "half"), sizes=VECTOR, change=HALF),
    Ask("matrices", sizes=MATRIX),
    Ask("matrices, one pair of levels", sizes=MATRIX, change=at(1.6, 0.37)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    Ask("numbers of 53 bits, levels of the paper", ("primes", "full", "published"), sizes=VECTOR,
        change=both(USED, thirds)),
]

CASES = {"edm_heun_step": HEUN}
