"""Schedules at their ends."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

STEPS = ("ancestral_step", "ddim_step")
NO_SCHEDULE = "it takes no step of a sampler"


@row("the ends of a schedule", "ᾱ of 1 and next to 0, β down to subnormal numbers and up to 1; outside refused", STEPS,
     NO_SCHEDULE)
def ends_of_a_schedule(ref):
    for choice in kinds(ref):
        arguments, options, bars = drawn(ref, options=choice["options"])
        arguments |= choice["arguments"]
        for product in (5e-324, 1e-300, 1 - 2.0**-53, 1.0):
            for beta in (5e-324, 1e-300, 1e-20, 0.5, 1 - 2.0**-53):
                at = {"beta": np.full(5, beta), "alpha_prod_prev": np.full(5, product)}
                finite(answers(ref, arguments | at, options, bars))
        for name, bad in (("beta", 0.0), ("beta", 1.0), ("alpha_prod_prev", 0.0), ("alpha_prod_prev", 1 + 1e-9)):
            wrong = arguments | {name: np.where(np.arange(5) == 3, bad, arguments[name])}
            assert "[3]" in refused(ref, ArgumentError, f"{name} must be ", *wrong.values(), **options)


def kinds(ref):
    """Both variances of the one, the deterministic and the ancestral end of the other."""
    if ref.name == "ancestral_step":
        return [{"options": {"variance": word}, "arguments": {}} for word in ref.args["variance"].words]
    return [{"options": {}, "arguments": {"eta": np.asarray(eta)}} for eta in (0.0, 0.5, 1.0)]


@row("the last step", "ᾱ of 1: the posterior variance is exactly 0, no noise enters, x₀ is returned", STEPS,
     NO_SCHEDULE)
def last_step(ref):
    for choice in kinds(ref):
        arguments, options, _ = drawn(ref, options=choice["options"])
        beta = np.asarray([1e-300, 1e-4, 0.1, 0.5, 0.999])
        last = arguments | choice["arguments"] | {"beta": beta, "alpha_prod_prev": np.ones(5)}
        if options.get("variance") == "beta":
            last["noise"] = 0 * last["noise"]
        got = ref(*last.values(), **options)
        np.testing.assert_array_equal(got, ref(*(last | {"noise": 0 * last["noise"]}).values(), **options))
        x0 = (last["xt"] - np.sqrt(beta)[:, None, None] * last["eps_pred"]) / np.sqrt(1 - beta)[:, None, None]
        np.testing.assert_allclose(got, x0, rtol=1e-12, atol=1e-14)


@row("shares of the ancestral deviation", "η outside [0, 1] is refused", ("ddim_step",), "it has no η")
def shares(ref):
    arguments, _, _ = drawn(ref)
    for eta in (-1e-9, 1 + 1e-9, -0.5, 2.0, np.inf, np.nan):
        refused(ref, ArgumentError, "eta must be from 0 to 1", *(arguments | {"eta": eta}).values())
