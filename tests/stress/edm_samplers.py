"""Samplers between noise levels: levels of every size, short steps and long."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("levels of a Heun step", "σ from 1e-150 to 1e150, σ′/σ from 1e-60 to 1e60; σ′ = σ is the identity, σ′ = 0 refused",
     ("edm_heun_step",), "it takes no step between two noise levels")
def levels_of_a_heun_step(ref):
    arguments, options, bars = drawn(ref)
    for sigma in (1e-150, 1e-60, 1.0, 80.0, 1e60, 1e150):
        for ratio in (1e-60, 2e-3, 0.5, 1 - 2.0**-53, 1.0, 1 + 2.0**-52, 1e60):
            levels = {"sigma": np.full(5, sigma), "sigma_next": np.full(5, sigma * ratio)}
            got = answers(ref, arguments | levels, options, bars)
            finite(got)
            if ratio == 1:
                np.testing.assert_array_equal(got["output.value"], arguments["x"])
    same = arguments | {"denoised_next": arguments["denoised"], "sigma_next": np.full(5, 1e-300)}
    np.testing.assert_allclose(ref(*same.values()), arguments["denoised"], rtol=1e-15)
    for level in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "sigma_next must be positive and finite",
                       *(arguments | {"sigma_next": np.array([1.0, 1.0, level, 1.0, 1.0])}).values())
        assert "at [2]" in said and (level > 0 or level != level or "ends at the denoised itself" in said)


@row("steps in the logarithm of signal to noise", "λ from −1e3 to 1e3, h and h₀ from 1e-300 to 1e3; a step of zero is"
     " refused, the first and the last with the way out", ("dpm_solver_pp_2m_step",), "it takes no step in λ")
def steps_in_lambda(ref):
    for process in ref.args["process"].words:
        arguments, options, bars = drawn(ref, options={"process": process})
        for lam in (-1e3, -20.0, 0.0, 20.0, 1e3):
            for h in (1e-300, 1e-16, 1.0, 1e3):
                at = {"lam": np.full(5, lam), "step": np.full(5, h), "step_prev": np.full(5, h)}
                finite(answers(ref, arguments | at, options, bars))
        still = arguments | {"step": np.full(5, 5e-324)}
        np.testing.assert_allclose(ref(*still.values(), **options), arguments["x"], rtol=1e-15)
        for name, said in (("step", "the step is x₀ itself"), ("step_prev", "give x₀ for x₀⁻")):
            for number in (0.0, -1.0):
                there = refused(ref, ArgumentError, f"{name} must be positive and finite",
                                *(arguments | {name: np.full(5, number)}).values(), **options)
                assert there.endswith(said)


@row("the levels of a sampler", "no level is the identity, its gradient too; one level, equal levels, rising ones, of"
     " 1e-100 and 1e100; γ of 0 and 1; a level of 0 is refused, with the way out", ("edm_sampler",),
     "it visits no noise levels with a denoiser")
def levels_of_a_sampler(ref):
    arguments, options, bars = drawn(ref, sizes={"T": 0})
    got = answers(ref, arguments, options, bars)
    np.testing.assert_array_equal(got.pop("output.value"), arguments["x"])
    np.testing.assert_array_equal(got.pop("gradient.x"), bars[0])
    assert "gradient.theta.W1" in got and not any(np.any(x) for x in got.values())
    theta, options = {"A": np.diag([0.5, -0.25, 1.0]), "b": np.ones(3)}, {"denoiser": "linear"}
    for sigmas in ([1e-100], [1e100], [2.0, 2.0], [0.5, 4.0], [80.0, 2e-3], [3e-100, 1e-100], [1e100, 3e99]):
        for gamma in (0.0, 5e-324, 1.0):
            arguments, _, bars = drawn(ref, sizes={"T": len(sigmas)})
            churn = np.full(len(sigmas), gamma)
            at = {"sigmas": np.array(sigmas), "churn": churn, "theta": theta, "noise_scale": np.asarray(1e-9)}
            finite(answers(ref, arguments | at, options, bars))
    for level in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "sigmas must be positive and finite",
                       *(arguments | {"sigmas": np.array([1.0, level]), "theta": theta}).values(), **options)
        assert "at [1]" in said and (level != 0 or said.endswith("the sampler always ends there"))
