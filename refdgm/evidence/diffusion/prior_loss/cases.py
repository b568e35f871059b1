"""Cases of the first and the last term of the bound."""

from refdgm.evidence.ask import Ask, both, close_to, long, put, scaled
from refdgm.evidence.diffusion.levels import (
    CLEAN,
    HALF,
    IMAGE,
    LARGE,
    MIDDLE,
    NOISY,
    SMALL,
    STEPS,
    VECTOR,
    WHOLE,
    at,
    exact,
    thirds,
)
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.rare import changed, times

NOTES = {
    **OF_LEVELS,
    "trained": "a prediction near its target: the residual is a small difference",
    "noise_known": "a prediction that is the noise itself: only what does not depend on it is left",
    "negative": "a density above one: the negative log-likelihood is below zero",
}
RECONSTRUCTION = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("β as it is used", ("primes", "negative"), sizes=VECTOR, change=put(beta=STEPS)),
    Ask("images, β as it is used", ("image", "negative"), sizes=IMAGE, change=put(beta=STEPS)),
    Ask("small β", ("primes", "negative"), sizes=VECTOR, change=put(beta=SMALL)),
    Ask("large β", ("primes",), sizes=VECTOR, change=put(beta=LARGE)),
    Ask("images, large β", ("image",), sizes=IMAGE, change=put(beta=LARGE)),
    Ask("β = ½", ("primes",), sizes=VECTOR, change=put(beta=HALF)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("an exact prediction", ("primes", "noise_known"), sizes=VECTOR, change=exact),
    Ask("trained: the prediction near the noise", ("primes", "trained"), sizes=VECTOR,
        change=close_to("prediction", "eps", 2.0**-10)),
    Ask("predictions of zero", ("primes",), sizes=VECTOR, change=scaled(0, "prediction")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("of the order of 15", ("primes", "extreme"), "extreme", VECTOR),
    Ask("predictions around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]
PRIOR = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("the last steps", ("primes", "noisy"), sizes=VECTOR, change=at(NOISY)),
    Ask("images at the last steps", ("image", "noisy"), sizes=IMAGE, change=at(NOISY)),
    Ask("data of zero at the last steps", ("primes", "noisy"), sizes=VECTOR,
        change=both(at(NOISY), scaled(0, "x0"))),
    Ask("tiny data at the last steps", ("primes", "tiny", "noisy"), "tiny", VECTOR, change=at(NOISY)),
    Ask("a schedule that ends too early", ("primes",), sizes=VECTOR, change=at(MIDDLE)),
    Ask("first steps", ("primes", "clean"), sizes=VECTOR, change=at(CLEAN)),
    Ask("every step", ("primes", "whole"), sizes=VECTOR, change=at(WHOLE)),
    Ask("images, every step", ("image", "whole"), sizes=IMAGE, change=at(WHOLE)),
    Ask("as many components as examples", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("data around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("data of the order of 15", ("primes", "extreme"), "extreme", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
]

CASES = {"reconstruction_loss": [*RECONSTRUCTION, *long({"B": 2, "...": (130,)})],
         "prior_loss": [*PRIOR, *long({"B": 2, "...": (130,)})]}
RARE = {"reconstruction_loss": (lambda case: changed(case, beta=times(2.0**-11)),)}
