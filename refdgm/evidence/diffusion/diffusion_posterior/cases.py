"""Cases of the posterior of a step back."""

from refdgm.evidence.ask import Ask
from refdgm.evidence.diffusion.levels import (
    BEFORE,
    CLEAN,
    IMAGE,
    LARGE,
    MIDDLE,
    NOISY,
    ONE,
    SMALL,
    STEPS,
    VECTOR,
    steps,
    thirds,
)
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.rare import all_equal, changed

NOTES = {
    **OF_LEVELS,
    "at_the_data": "t = 1, where ᾱ_{t−1} = 1: the mean is the data and the variance is zero",
}
POSTERIOR = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("t = 1", ("at_the_data",), sizes=VECTOR, change=steps(STEPS, ONE)),
    Ask("t = 1, images", ("at_the_data", "image"), sizes=IMAGE, change=steps(LARGE, ONE)),
    Ask("the first steps", ("primes", "clean"), sizes=VECTOR, change=steps(SMALL, CLEAN)),
    Ask("images of the first steps", ("image", "clean"), sizes=IMAGE, change=steps(SMALL, CLEAN)),
    Ask("the last steps", ("primes", "noisy"), sizes=VECTOR, change=steps(STEPS, NOISY)),
    Ask("the steps of a linear schedule", ("primes", "whole"), sizes=VECTOR, change=steps(STEPS, BEFORE)),
    Ask("the same for images", ("image", "whole"), sizes=IMAGE, change=steps(STEPS, BEFORE)),
    Ask("few large steps", ("primes",), sizes=VECTOR, change=steps(LARGE, MIDDLE)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("of the order of 15", ("primes", "extreme"), "extreme", VECTOR, change=steps(STEPS, BEFORE)),
    Ask("the state near the data", ("primes", "near"), "near", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"diffusion_posterior": POSTERIOR}
RARE = {"diffusion_posterior": (lambda case: changed(case, alpha_prod_prev=all_equal(1.0)),)}
