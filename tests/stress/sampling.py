"""Schedules at their ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

STEPS = ("ancestral_step",)
NO_SCHEDULE = "it takes no step of a sampler"


@row("the ends of a schedule", "ᾱ of 1 and of 0, β down to subnormal numbers and up to 1; outside refused", STEPS,
     NO_SCHEDULE)
def ends_of_a_schedule(ref):
    for variance in ref.args["variance"].words:
        arguments, options, bars = drawn(ref, options={"variance": variance})
        for product in (0.0, 5e-324, 1e-300, 1 - 2.0**-53, 1.0):
            for beta in (5e-324, 1e-300, 1e-20, 0.5, 1 - 2.0**-53):
                at = {"beta": np.full(5, beta), "alpha_prod_prev": np.full(5, product)}
                finite(answers(ref, arguments | at, options, bars))
        for name, bad in (("beta", 0.0), ("beta", 1.0), ("alpha_prod_prev", -1e-9), ("alpha_prod_prev", 1 + 1e-9)):
            wrong = arguments | {name: np.where(np.arange(5) == 3, bad, arguments[name])}
            assert "[3]" in refused(ref, ArgumentError, f"{name} must be ", *wrong.values(), **options)


@row("the last step", "ᾱ of 1: the posterior variance is exactly 0, and no noise enters", STEPS, NO_SCHEDULE)
def last_step(ref):
    arguments, _, _ = drawn(ref)
    one, beta = np.ones(5), np.asarray([1e-300, 1e-4, 0.1, 0.5, 0.999])
    last = arguments | {"beta": beta, "alpha_prod_prev": one}
    got = ref(*last.values(), variance="posterior")
    quiet = ref(*(last | {"noise": 0 * last["noise"]}).values(), variance="posterior")
    np.testing.assert_array_equal(got, quiet)
    x0 = (last["xt"] - np.sqrt(beta)[:, None, None] * last["eps_pred"]) / np.sqrt(1 - beta)[:, None, None]
    np.testing.assert_allclose(got, x0, rtol=1e-12, atol=1e-14)
