"""The variational bound: of one step and of many, of schedules as they are used and of large steps."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, close_to, put, scaled
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS

NOTES = {
    **OF_LEVELS,
    "trained": "a prediction near its target: the residual is a small difference",
    "posterior_variance": "σ² = β_tilde: no constant, and a large weight at the first steps",
    "beta_variance": "σ² = β: a constant for every component",
    "noise_known": "a prediction that is the noise itself: only what does not depend on it is left",
    "level_drops_out": "T = 1: no term between the ends, and the noise level drops out",
    "steps_like_examples": "as many steps as examples: a schedule laid along the batch fits",
    "steps_like_components": "as many steps as components: a schedule laid along the components fits",
}
SMALL = [0.0001, 0.004, 0.008, 0.012, 0.02]
LARGE = [0.5, 0.75, 0.9, 0.97, 0.999]
VECTOR = {"B": 3, "T": 5, "...": (2,)}
IMAGE = {"B": 2, "T": 5, "...": (2, 3)}


def exact(arrays: Arrays) -> Arrays:
    return {"input.prediction": 1 * arrays["input.eps"]}


def chosen(variance: str) -> list[Ask]:
    options: dict[str, Any] = {"variance": variance}
    flag, named = f"{variance}_variance", f"σ² = {'β_tilde' if variance == 'posterior' else 'β'}"
    return [
        Ask(f"{named}, plain numbers", ("primes", flag), sizes=VECTOR, options=options),
        Ask(f"{named}, images", ("image", flag), sizes=IMAGE, options=options),
        Ask(f"{named}, small steps", ("primes", "clean", flag), sizes=VECTOR, options=options, change=put(beta=SMALL)),
        Ask(f"{named}, large steps", ("primes", flag), sizes=VECTOR, options=options, change=put(beta=LARGE)),
        Ask(f"{named}, from large steps to small", ("image", flag), sizes=IMAGE, options=options,
            change=put(beta=LARGE[::-1])),
        Ask(f"{named}, two steps", ("primes", flag), sizes={"B": 5, "T": 2, "...": (3,)}, options=options),
        Ask(f"{named}, as many steps as examples", ("square", "steps_like_examples", flag),
            sizes={"B": 3, "T": 3, "...": (2,)}, options=options),
        Ask(f"{named}, as many steps as components", ("square", "steps_like_components", flag),
            sizes={"B": 2, "T": 3, "...": (3,)}, options=options),
        Ask(f"{named}, one number an example", ("no_axes", flag), sizes={"B": 3, "T": 4, "...": ()}, options=options),
        Ask(f"{named}, trained: the prediction near the noise", ("primes", "trained", flag), sizes=VECTOR,
            options=options, change=close_to("prediction", "eps", 2.0**-10)),
        Ask(f"{named}, magnitudes from 1e-3 to 20", ("primes", "mixed", flag), "mixed", VECTOR, options),
        Ask(f"{named}, of the order of 15", ("primes", "extreme", flag), "extreme", VECTOR, options),
    ]


LIST = [
    *chosen("posterior"),
    *chosen("beta"),
    Ask("one step", ("level_drops_out",), sizes={"B": 3, "T": 1, "...": (2,)}),
    Ask("one example", ("single_example", "beta_variance"), sizes={"B": 1, "T": 3, "...": (2,)},
        options={"variance": "beta"}),
    Ask("an exact prediction", ("primes", "noise_known", "beta_variance"), sizes=VECTOR, options={"variance": "beta"},
        change=exact),
    Ask("data of zero", ("primes", "posterior_variance"), sizes=VECTOR, change=scaled(0, "x0")),
]

CASES = {"variational_bound": LIST}
