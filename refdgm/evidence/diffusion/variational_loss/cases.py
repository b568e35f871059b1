"""Cases of the terms L_{t−1} of the bound."""

from typing import Any

from refdgm.evidence.ask import Ask, close_to, long
from refdgm.evidence.diffusion.levels import (
    BEFORE,
    CLEAN,
    IMAGE,
    LARGE,
    MIDDLE,
    NOISY,
    SMALL,
    STEPS,
    VECTOR,
    exact,
    steps,
    thirds,
)
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS

NOTES = {
    **OF_LEVELS,
    "trained": "a prediction near its target: the residual is a small difference",
    "posterior_variance": "σ² = β_tilde: no constant, and a large weight at the first steps",
    "beta_variance": "σ² = β: a constant for every component",
    "noise_known": "a prediction that is the noise itself: only what does not depend on it is left",
}


def chosen(variance: str) -> list[Ask]:
    options: dict[str, Any] = {"variance": variance}
    flag, named = f"{variance}_variance", f"σ² = {'β_tilde' if variance == 'posterior' else 'β'}"
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


VARIATIONAL = [
    *chosen("posterior"),
    *chosen("beta"),
    Ask("σ² = β, an exact prediction", ("primes", "noise_known", "beta_variance"), sizes=VECTOR,
        options={"variance": "beta"}, change=exact),
    Ask("one example", ("single_example", "posterior_variance"), sizes={"B": 1, "...": (3,)},
        options={"variance": "posterior"}),
]

CASES = {"variational_loss": [*VARIATIONAL, *long({"B": 2, "...": (130,)}, variance="posterior")]}
