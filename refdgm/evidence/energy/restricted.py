"""What cases of restricted machines share: sizes, and what their flags mean."""

from collections.abc import Callable
from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, scaled, thirds

NOTES = {
    "more_hidden": "more hidden units than visible ones",
    "visible_states": "visible units of exactly 0 and 1, as data and samples are",
    "no_weights": "weights of zero: the units are independent",
    "no_biases": "the biases are zero",
    "saturated_units": "weights of tens: hidden units are on or off but for what no rounding of 1 has",
    "one_hidden": "a single hidden unit",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SMALL, LARGE, HIGH = {"B": 5, "D": 3, "H": 2}, {"B": 3, "D": 7, "H": 5}, {"B": 2, "D": 3, "H": 5}
SQUARE, ALL_SQUARE = {"B": 5, "D": 3, "H": 3}, {"B": 3, "D": 3, "H": 3}
ONE, ONE_HIDDEN, ONE_VISIBLE = {"B": 1, "D": 3, "H": 2}, {"B": 5, "D": 3, "H": 1}, {"B": 5, "D": 1, "H": 3}


def binary(*names: str) -> Callable[[Arrays], Arrays]:
    """Units that are on where a drawn number exceeds ½."""
    return lambda arrays: {f"input.{name}": np.round(arrays[f"input.{name}"]) for name in names}


def turned(W: Any) -> Any:
    """Square weights the wrong way round; others would not fit and stay."""
    return W.T if W.shape[0] == W.shape[1] else W


def machines(*units: str, strong: int = 32) -> list[Ask]:
    """Machines of every shape, at rest and saturated, asked at numbers between 0 and 1 and at states; `strong` times
    the drawn weights are those of saturated units."""
    states = binary(*units)
    return [
        Ask("grey values", sizes=SMALL),
        Ask("grey values, other signs", sizes=SMALL),
        Ask("states", ("primes", "visible_states"), sizes=SMALL, change=states),
        Ask("seven visible units", sizes=LARGE),
        Ask("states of seven units", ("primes", "visible_states"), sizes=LARGE, change=states),
        Ask("more hidden units", ("primes", "more_hidden"), sizes=HIGH),
        Ask("as many hidden as visible units", ("square",), sizes=SQUARE),
        Ask("as many hidden as visible units, states", ("square", "visible_states"), sizes=SQUARE, change=states),
        Ask("all sizes equal", ("square",), sizes=ALL_SQUARE),
        Ask("one example", ("single_example",), sizes=ONE),
        Ask("one hidden unit", ("one_hidden",), sizes=ONE_HIDDEN),
        Ask("one visible unit", ("single_axis", "more_hidden"), sizes=ONE_VISIBLE),
        Ask("no weights", ("primes", "no_weights"), sizes=SMALL, change=scaled(0, "W")),
        Ask("no biases", ("primes", "no_biases"), sizes=SMALL, change=scaled(0, "b", "c")),
        Ask("no weights and no biases", ("primes", "no_weights", "no_biases"), sizes=LARGE,
            change=scaled(0, "W", "b", "c")),
        Ask("small weights", sizes=SMALL, change=scaled(2.0**-10, "W")),
        Ask("saturated", ("primes", "saturated_units"), sizes=SMALL, change=scaled(strong, "W", "c")),
        Ask("saturated, states of seven units", ("primes", "saturated_units", "visible_states"), sizes=LARGE,
            change=both(states, scaled(strong, "W"))),
        Ask("hidden units that are mostly off", ("primes", "saturated_units"), sizes=SMALL, change=moved(-24, "c")),
        Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", SMALL),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SMALL),
        Ask("magnitudes from 1e-3 to 20, all sizes equal", ("square", "mixed"), "mixed", ALL_SQUARE),
        Ask("weights of the order of 15", ("primes", "extreme"), "extreme", SMALL),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=LARGE, change=thirds),
    ]
