"""The simple objective, for each target."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, close_to, long, scaled
from refdgm.evidence.diffusion.levels import CLEAN, HALF, IMAGE, NOISY, VECTOR, WHOLE, at, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS

NOTES = {
    **OF_LEVELS,
    "noise": "the network predicts the noise",
    "data": "the network predicts the data",
    "velocity": "the network predicts the velocity",
    "trained": "a prediction near its target: the residual is a small difference",
}
EPS: dict[str, Any] = {"target": "eps"}
X0: dict[str, Any] = {"target": "x0"}
V: dict[str, Any] = {"target": "v"}


def trained(target: str) -> Any:
    return close_to("prediction", target, 2.0**-10)


def shifted(arrays: Arrays) -> Arrays:
    """The prediction with the sign turned: far from every target."""
    return {"input.prediction": -arrays["input.prediction"]}


LIST = [
    Ask("noise", ("primes", "noise"), sizes=VECTOR, options=EPS),
    Ask("data", ("primes", "data"), sizes=VECTOR, options=X0),
    Ask("velocity", ("primes", "velocity"), sizes=VECTOR, options=V),
    Ask("images, noise", ("image", "noise"), sizes=IMAGE, options=EPS),
    Ask("images, data", ("image", "data"), sizes=IMAGE, options=X0),
    Ask("images, velocity", ("image", "velocity"), sizes=IMAGE, options=V),
    Ask("velocity, first steps", ("primes", "velocity", "clean"), sizes=VECTOR, options=V, change=at(CLEAN)),
    Ask("velocity, last steps", ("primes", "velocity", "noisy"), sizes=VECTOR, options=V, change=at(NOISY)),
    Ask("noise, first to last step", ("primes", "noise", "whole"), sizes=VECTOR, options=EPS, change=at(WHOLE)),
    Ask("velocity, first to last step", ("image", "velocity", "whole"), sizes=IMAGE, options=V, change=at(WHOLE)),
    Ask("velocity, ᾱ = ½", ("primes", "velocity", "halfway"), sizes=VECTOR, options=V, change=at(HALF)),
    Ask("as many components as examples", ("square", "velocity"), sizes={"B": 3, "...": (3,)}, options=V),
    Ask("square images", ("square", "image", "noise"), sizes={"B": 3, "...": (3, 3)}, options=EPS),
    Ask("one example", ("single_example", "velocity"), sizes={"B": 1, "...": (3,)}, options=V),
    Ask("one component", ("single_axis", "noise"), sizes={"B": 5, "...": (1,)}, options=EPS),
    Ask("one number an example", ("no_axes", "velocity"), sizes={"B": 5, "...": ()}, options=V),
    Ask("one number an example, data", ("no_axes", "data"), sizes={"B": 5, "...": ()}, options=X0),
    Ask("trained on noise", ("primes", "noise", "trained"), sizes=VECTOR, options=EPS, change=trained("eps")),
    Ask("trained on data", ("primes", "data", "trained"), sizes=VECTOR, options=X0, change=trained("x0")),
    Ask("images, trained on data", ("image", "data", "trained"), sizes=IMAGE, options=X0, change=trained("x0")),
    Ask("far from the noise", ("primes", "noise"), sizes=VECTOR, options=EPS, change=both(trained("eps"), shifted)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "velocity", "mixed"), "mixed", VECTOR, V),
    Ask("data around 30", ("primes", "data", "offset"), "offset", VECTOR, X0),
    Ask("velocity of data around 30", ("primes", "velocity", "offset"), "offset", VECTOR, V),
    Ask("velocity, of the order of 15", ("primes", "velocity", "extreme"), "extreme", VECTOR, V),
    Ask("data that nearly agree", ("primes", "data", "near"), "near", VECTOR, X0),
    Ask("tiny predictions of noise", ("primes", "noise"), sizes=VECTOR, options=EPS,
        change=scaled(2.0**-20, "prediction")),
    Ask("numbers of 53 bits", ("primes", "velocity", "full"), sizes=VECTOR, options=V, change=thirds),
]

CASES = {"simple_loss": [*LIST, *long({"B": 2, "...": (130,)}, {"B": 1, "...": (1025,)}, target="eps")]}
