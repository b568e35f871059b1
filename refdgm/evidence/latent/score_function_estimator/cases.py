"""Costs of draws and the logarithms of their probabilities: far from the baseline, near it, all alike."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, scaled, thirds

NOTES = {
    "one_draw": "a single draw: a mean over draws is void",
    "two_draws": "two draws: each has one other",
    "equal_costs": "all draws of an example cost the same: nothing is preferred",
    "rare_draws": "draws of small probability: log q far below zero",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, WIDE = {"B": 3, "R": 7}, {"B": 2, "R": 23}


def rare(arrays: Arrays) -> Arrays:
    return {"input.log_prob": -16 * np.abs(arrays["input.log_prob"]) - 8}


def alike(arrays: Arrays) -> Arrays:
    """The first cost of each example for all of them; a baseline of a quarter more."""
    first = arrays["input.cost"][:, :1]
    found = {"input.cost": np.repeat(first, arrays["input.cost"].shape[1], axis=1)}
    return found | ({"input.baseline": first[:, 0] + 0.25} if "input.baseline" in arrays else {})


def zero_or_one(arrays: Arrays) -> Arrays:
    """Costs of 0 and 1, one of each in every example."""
    cost = (arrays["input.cost"] > 0) * 1.0
    cost[:, 0], cost[:, -1] = 1.0, 0.0
    return {"input.cost": cost}


def shared(names: tuple[str, ...]) -> list[Ask]:
    """What both estimators are asked; `names` are their costs."""
    away: Any = moved(30.0, *names)
    return [
        Ask("plain numbers", sizes=MANY),
        Ask("plain numbers, other signs", sizes=MANY),
        Ask("three draws of five examples", sizes={"B": 5, "R": 3}),
        Ask("few examples, many draws", sizes=WIDE),
        Ask("many examples, few draws", sizes={"B": 13, "R": 3}),
        Ask("two draws", ("primes", "two_draws"), sizes={"B": 5, "R": 2}),
        Ask("as many draws as examples", ("square",), sizes={"B": 5, "R": 5}),
        Ask("as many draws as examples, far out", ("square", "mixed"), "mixed", {"B": 3, "R": 3}),
        Ask("one example", ("single_example",), sizes={"B": 1, "R": 7}),
        Ask("one example of two draws", ("single_example", "two_draws"), sizes={"B": 1, "R": 2}),
        Ask("draws of small probability", ("primes", "rare_draws"), sizes=MANY, change=rare),
        Ask("draws of small probability, costs of 0 and 1", ("primes", "rare_draws"), sizes=MANY,
            change=both(rare, zero_or_one)),
        Ask("costs of 0 and 1", sizes=WIDE, change=zero_or_one),
        Ask("equal costs", ("primes", "equal_costs"), sizes=MANY, change=alike),
        Ask("costs around 30", ("primes", "offset"), sizes=MANY, change=away),
        Ask("costs around 30, two draws", ("primes", "offset", "two_draws"), sizes={"B": 5, "R": 2}, change=away),
        Ask("costs of hundreds", ("primes", "extreme"), sizes=MANY, change=scaled(256, *names)),
        Ask("costs of the order of 1e-5", ("primes", "tiny"), sizes=MANY, change=scaled(2.0**-17, *names)),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY),
        Ask("magnitudes from 1e-3 to 20, many draws", ("primes", "mixed"), "mixed", WIDE),
        Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", MANY),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
    ]


ALONE = [
    Ask("one draw", ("one_draw",), sizes={"B": 5, "R": 1}),
    Ask("one draw of one example", ("single_example", "one_draw"), sizes={"B": 1, "R": 1}),
    Ask("no baseline", sizes=MANY, change=scaled(0.0, "baseline")),
]
NEAR = [Ask("costs that nearly agree", ("primes", "near"), sizes=MANY,
            change=both(scaled(2.0**-20, "cost"), moved(2.0, "cost")))]
CASES = {
    "score_function_estimator": [*shared(("cost", "baseline")), *ALONE],
    "leave_one_out_estimator": [*shared(("cost",)), *NEAR],
}
