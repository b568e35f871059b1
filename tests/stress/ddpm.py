"""Schedules at their ends: no noise, nothing but noise, the first step, one step, a hundred thousand."""

import numpy as np

from refdgm import ArgumentError
from refdgm.cases import options_grid

from ..refusal import refused
from .rows import answers, drawn, finite, row

CONVERSIONS = ("x0_from_eps", "eps_from_x0", "v_from_x0_eps", "x0_from_v", "eps_from_v", "score_from_eps",
               "eps_from_score")
PRODUCTS = ("forward_marginal", *CONVERSIONS, "simple_loss", "prior_loss", "min_snr_weight")
STEPS = ("diffusion_posterior", "variational_loss", "reconstruction_loss")
SCHEDULES = ("linear_schedule", "cosine_schedule")
NO_PRODUCT, NO_STEP = "it has no ᾱ of an example", "it has no β of an example"


@row("the ends of ᾱ", "0 and 1 are refused; 2⁻³⁰⁰ and 1 − 2⁻⁵³ are not", PRODUCTS, NO_PRODUCT)
def ends_of_the_product(ref):
    arguments, options, bars = drawn(ref)
    for number in (0.0, 1.0, -0.5, 1.5):
        alpha_prod = arguments["alpha_prod"].copy()
        alpha_prod[1] = number
        said = refused(ref, ArgumentError, "alpha_prod must be strictly between 0 and 1, got",
                       *(arguments | {"alpha_prod": alpha_prod}).values(), **options)
        assert " at [1]; " in said
    for number in (2.0**-300, 1 - 2.0**-53):
        moved = arguments | {"alpha_prod": np.full_like(arguments["alpha_prod"], number)}
        value = ref(*moved.values(), **options)
        finite({"value": value})
        if ref.differentiable:
            finite(ref.vjp(*moved.values(), **options)[1](*bars))


@row("the ends of β", "0 and 1 are refused; 2⁻³⁰⁰ is not", STEPS, NO_STEP)
def ends_of_the_step(ref):
    arguments, options, bars = drawn(ref)
    for number in (0.0, 1.0, -0.5, 1.5):
        beta = arguments["beta"].copy()
        beta[1] = number
        said = refused(ref, ArgumentError, "beta must be strictly between 0 and 1, got",
                       *(arguments | {"beta": beta}).values(), **options)
        assert said.endswith("β = 0 is no step and β = 1 leaves no signal: leave such examples out")
    for number in (2.0**-300, 1 - 2.0**-53):
        value, pullback = ref.vjp(*(arguments | {"beta": np.full_like(arguments["beta"], number)}).values(), **options)
        finite(dict(enumerate(value)) if isinstance(value, tuple) else {"value": value})
        finite(pullback(*bars))


@row("the first step", "t = 1, where ᾱ_{t−1} = 1: a variance of zero, or refused with the way out",
     ("diffusion_posterior", "variational_loss"), "it takes no ᾱ of the step before")
def first_step(ref):
    arguments, options, bars = drawn(ref)
    first = arguments | {"alpha_prod_prev": np.ones_like(arguments["alpha_prod_prev"])}
    if ref.name == "variational_loss":
        said = refused(ref, ArgumentError, "alpha_prod_prev must be strictly between 0 and 1, got 1.0",
                       *first.values(), **options)
        assert said.endswith("t = 1, where it is 1, has a term of its own: reconstruction_loss")
        return
    (mean, variance), pullback = ref.vjp(*first.values(), **options)
    np.testing.assert_array_equal(mean, first["x0"])
    assert (variance == 0).all()
    finite(pullback(*bars))
    least = first | {"beta": np.full_like(first["beta"], 5e-324)}  # whose reciprocal overflows
    with np.errstate(over="ignore"):  # of the cotangent of ᾱ_{t−1}, which is beyond every float
        _, pullback = ref.vjp(*least.values())
        np.testing.assert_array_equal(pullback(*bars)["beta"], bars[1] * 0)
    refused(ref, ArgumentError, "alpha_prod_prev must be above 0 and at most 1, got 1.5",
            *(first | {"alpha_prod_prev": 1.5 * first["alpha_prod_prev"]}).values())


@row("the length of a schedule", "one step, a hundred thousand; no step is refused", SCHEDULES, "it makes no schedule")
def length(ref):
    arguments, _, _ = drawn(ref)
    refused(ref, ArgumentError, "steps must be a whole number of at least 1, got 0", *arguments.values(), steps=0)
    for steps in (1, 100_000):
        beta = ref(*arguments.values(), steps=steps)
        assert beta.shape == (steps,) and (beta > 0).all() and (beta < 1).all()


@row("products of a long schedule", "a hundred thousand steps; ᾱ that underflows is 0 and 1 − ᾱ is 1",
     ("alpha_products",), "it multiplies no schedule")
def long_products(ref):
    for beta, last in ((2.0**-30, 1e5 * 2.0**-30), (0.5, 1.0)):
        value, pullback = ref.vjp(np.full(100_000, beta))
        finite(value._asdict())
        np.testing.assert_allclose(value.one_minus[-1], last, rtol=1e-4)
        finite(pullback(np.ones(100_000), np.ones(100_000)))


@row("the ends of a whole schedule", "β of 0 and 1 are refused; 2⁻³⁰⁰ and 1 − 2⁻⁵³ at any step are not, nor 1000 steps",
     ("alpha_products", "variational_bound"), "it takes no whole schedule")
def ends_of_a_schedule(ref):
    arguments, options, bars = drawn(ref)
    for number in (0.0, 1.0, -0.5, 1.5):
        beta = arguments["beta"].copy()
        beta[1] = number
        said = refused(ref, ArgumentError, "beta must be strictly between 0 and 1, got",
                       *(arguments | {"beta": beta}).values(), **options)
        assert " at [1]; " in said
    for options in options_grid(ref):
        for number in (2.0**-300, 2.0**-30, 1 - 2.0**-53):
            for steps in (slice(None), slice(1), slice(-1, None)):
                beta = arguments["beta"].copy()
                beta[steps] = number
                finite(answers(ref, arguments | {"beta": beta}, options, bars))
        for number in (2.0**-30, 0.5, 1 - 2.0**-53):  # ᾱ_T is near one, 0, and 0 from the second step
            long, options, many = drawn(ref, sizes={"T": 1000}, options=options)
            finite(answers(ref, long | {"beta": np.full(1000, number)}, options, many))
