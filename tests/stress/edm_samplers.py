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
