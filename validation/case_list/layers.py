"""Layers: what is not square, what is, and what is far from the origin. Times: small, whole, large, negative."""

import numpy as np

from validation.case_list.ask import Arrays, Ask, put, scaled

NOTES = {
    "more_outputs": "more outputs than inputs",
    "whole_times": "the timesteps of a diffusion: whole numbers",
    "small_times": "angles far below one: the sines are small, the cosines almost one",
    "large_times": "angles of many turns: what is rounded in a frequency is multiplied by the time",
    "negative_times": "sines are odd, cosines even",
    "single_frequency": "two features: sin t and cos t, whatever the spacing",
    "no_biases": "the biases are zero",
    "large_biases": "the biases are far larger than what they are added to",
}
SQUARE = {"B": 5, "D": 3, "E": 3}
ALL_SQUARE = {"B": 3, "D": 3, "E": 3}

AFFINE = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more outputs than inputs", ("primes", "more_outputs"), sizes={"D": 3, "E": 13}),
    Ask("more inputs than outputs", sizes={"D": 19, "E": 2}),
    Ask("many examples", sizes={"B": 23}),
    Ask("square weights", ("square",), sizes=SQUARE),
    Ask("square weights, other signs", ("square",), sizes=SQUARE),
    Ask("all sizes equal", ("square",), sizes=ALL_SQUARE),
    Ask("as many examples as inputs", ("square",), sizes={"B": 3, "D": 3, "E": 2}),
    Ask("as many examples as outputs", ("square",), sizes={"B": 5, "D": 3, "E": 5}),
    Ask("one example", ("single_example",), sizes={"B": 1}),
    Ask("one input", ("single_axis",), sizes={"D": 1}),
    Ask("one output", ("one_output",), sizes={"E": 1}),
    Ask("no biases", ("primes", "no_biases"), change=scaled(0, "b")),
    Ask("large biases", ("primes", "large_biases"), change=scaled(1024, "b")),
    Ask("small weights", change=scaled(1 / 1024, "W")),
    Ask("numbers around 30", ("primes", "offset"), "offset"),
    Ask("square weights around 30", ("square", "offset"), "offset", SQUARE),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, all sizes equal", ("square", "mixed"), "mixed", ALL_SQUARE),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme"),
]


def halves(features: int) -> dict[str, object]:
    return {"features": features, "spacing": "half"}


def less_one(features: int) -> dict[str, object]:
    return {"features": features, "spacing": "half_minus_one"}


def late(arrays: Arrays) -> Arrays:
    return {"input.t": np.round(arrays["input.t"] * 1024) + 2.0**16}


STEPS = put(t=[0, 1, 10, 500, 999])
EMBEDDING = [
    Ask("plain numbers", options=halves(6)),
    Ask("plain numbers, the last frequency 10^−4", options=less_one(6)),
    Ask("as many times as features", ("square",), sizes={"B": 4}, options=halves(4)),
    Ask("as many times as features, the last frequency 10^−4", ("square",), sizes={"B": 4}, options=less_one(4)),
    Ask("whole times", ("primes", "whole_times"), options=halves(14), change=STEPS),
    Ask("whole times, the last frequency 10^−4", ("primes", "whole_times"), options=less_one(14), change=STEPS),
    Ask("64 features", ("primes", "whole_times"), options=halves(64), change=STEPS),
    Ask("64 features, the last frequency 10^−4", ("primes", "whole_times"), options=less_one(64), change=STEPS),
    Ask("two features", ("single_frequency",), options=halves(2)),
    Ask("two features, asked for otherwise", ("single_frequency",), options=less_one(2)),
    Ask("one time", ("single_example",), sizes={"B": 1}, options=less_one(10)),
    Ask("many times", sizes={"B": 23}, options=less_one(6)),
    Ask("times in [0, 1]", ("primes", "small_times"), options=halves(10), change=put(t=[0, 1 / 16, 0.25, 0.625, 1])),
    Ask("times of the order of 1e-5", ("primes", "tiny", "small_times"), "tiny", options=halves(6)),
    Ask("times around 30", ("primes", "offset"), "offset", options=less_one(6)),
    Ask("times from 1e-3 to 20", ("primes", "mixed"), "mixed", options=halves(10)),
    Ask("times of the order of 15", ("primes", "extreme"), "extreme", options=less_one(10)),
    Ask("negative times", ("primes", "negative_times"), options=halves(6), change=put(t=[-0.5, -1, -3, -100, -999])),
    Ask("times beyond 65536", ("primes", "large_times"), options=halves(6), change=late),
    Ask("times beyond 65536, the last frequency 10^−4", ("primes", "large_times"), options=less_one(14), change=late),
]
