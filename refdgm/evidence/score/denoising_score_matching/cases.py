"""Cases of denoising score matching."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled, thirds
from refdgm.evidence.rare import changed, times

NOTES = {
    "small_noise": "levels of 1/100 and below: what is divided by σ is large, and by σ² larger",
    "large_noise": "levels as large as the data are wide",
    "ladder": "levels from 1/100 to 50 in one batch: without a weight the smallest rules",
    "unit_noise": "σ = 1, where all powers of σ are one: an error in them hides, the others do not",
    "denoised": "the score is nearly −ε/σ: the sum of the two cancels",
    "no_score": "a score of zero: the target alone speaks",
    "no_noise": "noise of exactly zero: the score alone speaks",
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
LADDER = [50.3, 0.0103, 1.1, 0.13, 7.1]


def denoised(by: float) -> Any:
    """The score is −ε/σ as float32 has it, plus `by` times what was drawn."""

    def change(arrays: Arrays) -> Arrays:
        sigma = arrays["input.sigma"].reshape(-1, *(1 for _ in arrays["input.eps"].shape[1:]))
        near = -arrays["input.eps"] / sigma + by * arrays["input.score"]
        return {"input.score": near.astype(np.float32).astype(np.float64)}

    return change


def levels(*sigma: float) -> Any:
    return put(sigma=sigma)


NOISED = [
    Ask("drawn levels", sizes=VECTOR),
    Ask("drawn levels, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("as many examples as components, a ladder of levels", ("square", "ladder"), sizes={"B": 5, "...": (5,)},
        change=levels(*LADDER)),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("a ladder of levels", ("primes", "ladder"), sizes=VECTOR, change=levels(*LADDER)),
    Ask("a ladder of levels for images", ("image", "ladder"), sizes=IMAGE, change=levels(*LADDER)),
    Ask("a ladder of levels, magnitudes from 1e-3 to 20", ("primes", "ladder", "mixed"), "mixed", VECTOR,
        change=levels(*LADDER)),
    Ask("σ of about 1/100", ("primes", "small_noise"), sizes=VECTOR, change=scaled(2.0**-7, "sigma")),
    Ask("σ of about 1e-6", ("primes", "small_noise"), sizes=VECTOR, change=scaled(2.0**-20, "sigma")),
    Ask("σ of about 1e-12", ("primes", "small_noise"), sizes=VECTOR, change=scaled(2.0**-40, "sigma")),
    Ask("σ of about 100", ("primes", "large_noise"), sizes=VECTOR, change=scaled(64, "sigma")),
    Ask("σ of about 1e6", ("primes", "large_noise"), sizes=VECTOR, change=scaled(2.0**20, "sigma")),
    Ask("σ = 1", ("primes", "unit_noise"), sizes=VECTOR, change=levels(*[1.0] * 5)),
    Ask("a network that denoises to a digit", ("primes", "denoised"), sizes=VECTOR, change=denoised(2.0**-3)),
    Ask("a network that denoises images, σ of about 1/100", ("image", "denoised", "small_noise"), sizes=IMAGE,
        change=both(scaled(2.0**-7, "sigma"), denoised(4.0))),
    Ask("a score of zero", ("primes", "no_score"), sizes=VECTOR, change=scaled(0, "score")),
    Ask("noise of zero", ("primes", "no_noise"), sizes=VECTOR, change=scaled(0, "eps")),
    Ask("scores around 1024", ("primes", "offset"), sizes=VECTOR, change=moved(1024.0, "score")),
    Ask("scores of the order of 1e-5, σ about 1/20", ("primes", "tiny"), "tiny", VECTOR),
    Ask("scores of the order of 15, σ about 10", ("primes", "extreme", "large_noise"), "extreme", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

WIDE = [*NOISED, *long({"B": 2, "...": (130,)}, {"B": 1, "...": (1025,)})]
CASES = {"denoising_score_matching": WIDE, "noise_conditional_score_matching": WIDE}
RARE = {
    "denoising_score_matching": (
        lambda case: changed(case, sigma=times(2.0**-10)), lambda case: changed(case, eps=times(9))),
}
