"""The step back and the terms of the bound: at the first steps, at the last, and in between."""

from collections.abc import Callable
from typing import Any

from validation.case_list.ask import Arrays, Ask, both, close_to, put, scaled
from validation.case_list.prediction import CLEAN, HALF, IMAGE, NOISY, VECTOR, WHOLE, at, thirds

NOTES = {
    "at_the_data": "t = 1, where ᾱ_{t−1} = 1: the mean is the data and the variance is zero",
    "posterior_variance": "σ² = β̃: no constant, and a large weight at the first steps",
    "beta_variance": "σ² = β: a constant for every component",
    "noise_known": "a prediction that is the noise itself: only what does not depend on it is left",
    "negative": "a density above one: the negative log-likelihood is below zero",
}
SMALL = [2.0**-13, 2.0**-12, 2.0**-11, 2.0**-10, 2.0**-9]
STEPS = [0.0001, 0.0002, 0.01, 0.015, 0.02]
LARGE = [0.5, 0.75, 0.9, 0.97, 0.999]
BEFORE = [0.9999, 0.9995, 0.5, 0.1, 0.0001]
MIDDLE = [0.6, 0.55, 0.45, 0.7, 0.3]
ONE = [1.0] * 5


def steps(beta: list[float], before: list[float]) -> Callable[[Arrays], Arrays]:
    return put(beta=beta, alpha_prod_prev=before)


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


def chosen(variance: str) -> list[Ask]:
    options: dict[str, Any] = {"variance": variance}
    flag, named = f"{variance}_variance", f"σ² = {'β̃' if variance == 'posterior' else 'β'}"
    return [
        Ask(f"{named}, plain numbers", ("primes", flag), sizes=VECTOR, options=options),
        Ask(f"{named}, images", ("image", flag), sizes=IMAGE, options=options),
        Ask(f"{named}, the first steps", ("primes", "clean", flag), sizes=VECTOR, options=options,
            change=steps(SMALL, CLEAN)),
        Ask(f"{named}, the last steps", ("primes", "noisy", flag), sizes=VECTOR, options=options,
            change=steps(STEPS, NOISY)),
        Ask(f"{named}, a linear schedule", ("image", "whole", flag), sizes=IMAGE, options=options,
            change=steps(STEPS, BEFORE)),
        Ask(f"{named}, few large steps", ("primes", flag), sizes=VECTOR, options=options, change=steps(LARGE, MIDDLE)),
        Ask(f"{named}, as many components as examples", ("square", flag), sizes={"B": 3, "...": (3,)}, options=options),
        Ask(f"{named}, one number an example", ("no_axes", flag), sizes={"B": 5, "...": ()}, options=options),
        Ask(f"{named}, three examples", ("primes", flag), sizes={"B": 3, "...": (7,)}, options=options),
        Ask(f"{named}, trained: the prediction near the noise", ("primes", "trained", flag), sizes=VECTOR,
            options=options,
            change=close_to("prediction", "eps", 2.0**-10)),
        Ask(f"{named}, magnitudes from 1e-3 to 20", ("primes", "mixed", flag), "mixed", VECTOR, options),
        Ask(f"{named}, of the order of 15", ("primes", "extreme", flag), "extreme", VECTOR, options),
        Ask(f"{named}, numbers of 53 bits", ("primes", "full", flag), sizes=VECTOR, options=options, change=thirds),
    ]


def exact(arrays: Arrays) -> Arrays:
    return {"input.prediction": 1 * arrays["input.eps"]}


VARIATIONAL = [
    *chosen("posterior"),
    *chosen("beta"),
    Ask("σ² = β, an exact prediction", ("primes", "noise_known", "beta_variance"), sizes=VECTOR,
        options={"variance": "beta"}, change=exact),
    Ask("one example", ("single_example", "posterior_variance"), sizes={"B": 1, "...": (3,)},
        options={"variance": "posterior"}),
]

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
