"""Estimators of slopes: costs of any size, laws that give a draw no probability."""

import numpy as np

from .rows import answers, drawn, finite, row, same

ESTIMATORS, NO_ESTIMATOR = ("score_function_estimator", "leave_one_out_estimator"), "it estimates no slope by a score"


@row("costs of any size", "costs of 1e±150, of ±1e300, all 0: weights to scale, and none for equal costs", ESTIMATORS,
     NO_ESTIMATOR)
def costs_of_any_size(ref):
    arguments, options, bars = drawn(ref, sizes={"R": 3})
    plain = answers(ref, arguments, options, bars)
    for size in (2.0**-500, 2.0**500):
        moved = arguments | {n: size * arguments[n] for n in ("cost", "baseline") if n in arguments}
        got = answers(ref, moved, options, bars)
        for name in ("output.value", "gradient.log_prob"):
            np.testing.assert_allclose(got[name], size * plain[name], rtol=1e-14)
        np.testing.assert_array_equal(got["gradient.cost"], plain["gradient.cost"])
    large = arguments | {"cost": np.sign(arguments["cost"]) * 1e300}
    finite(answers(ref, large, options, bars))
    equal = arguments | {n: np.full_like(arguments[n], 1 / 3) for n in ("cost", "baseline") if n in arguments}
    assert not answers(ref, equal, options, bars)["gradient.log_prob"].any()


@row("draws without probability", "log q = −∞, ±1e308 and NaN: neither the mean cost nor a slope reads it", ESTIMATORS,
     NO_ESTIMATOR)
def draws_without_probability(ref):
    arguments, options, bars = drawn(ref, sizes={"R": 3})
    plain = answers(ref, arguments, options, bars)
    for odd in (-np.inf, 1e308, -1e308, np.nan):
        log_prob = arguments["log_prob"].copy()
        log_prob[0, 1] = odd
        same(answers(ref, arguments | {"log_prob": log_prob}, options, bars), plain)
