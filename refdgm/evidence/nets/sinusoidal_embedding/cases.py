"""Cases of the sinusoidal embedding."""

from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.evidence.ask import Arrays, Ask, put

NOTES = {
    "whole_times": "the timesteps of a diffusion: whole numbers",
    "small_times": "angles far below one: the sines are small, the cosines almost one",
    "large_times": "angles of many turns: what is rounded in a frequency is multiplied by the time",
    "negative_times": "sines are odd, cosines even",
    "single_frequency": "two features: sin t and cos t, whatever the spacing",
}


def halves(features: int) -> dict[str, Any]:
    return {"features": features, "spacing": "half"}


def less_one(features: int) -> dict[str, Any]:
    return {"features": features, "spacing": "half_minus_one"}


def late(arrays: Arrays) -> Arrays:
    return {"input.t": np.round(arrays["input.t"] * 1024) + 2.0**16}


def single(case: Case) -> Case:
    """Two features, one frequency."""
    bar = {"cotangent.value": case.arrays["cotangent.value"][:, :2]}
    return replace(case, options=less_one(2), arrays=case.arrays | bar)


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

CASES = {"sinusoidal_embedding": EMBEDDING}
RARE = {"sinusoidal_embedding": (single,)}
