"""Samplers: chains of no steps, steps of every size, noise levels of every size."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

STEP = ("langevin_step", "langevin_chain")
CHAINS = ("langevin_chain", "annealed_langevin")
ANNEALED = ("annealed_langevin",)
NO_STEP, NO_CHAIN, NO_LEVELS = "it has no Langevin step size", "it is no chain of Langevin steps", "it has no ladder"


@row("chains of no steps", "a chain of no steps is the identity, its gradient too; the rest has no gradient", CHAINS,
     NO_CHAIN)
def no_steps(ref):
    for empty in ("T", "L"):
        if empty in ref.args["eps"].shape:
            arguments, options, bars = drawn(ref, sizes={empty: 0})
            got = answers(ref, arguments, options, bars)
            np.testing.assert_array_equal(got.pop("output.value"), arguments["x"])
            np.testing.assert_array_equal(got.pop("gradient.x"), bars[0])
            assert "gradient.theta.W1" in got and not any(np.any(x) for x in got.values())


@row("Langevin step sizes", "η from the smallest number to 1e8; zero and below, ±∞ and NaN are refused", STEP, NO_STEP)
def step_sizes(ref):
    for dtype, smallest in ((np.float64, 5e-324), (np.float32, 1e-45)):
        arguments, _, bars = drawn(ref, dtype=np.dtype(dtype).name)
        options = {"score": "linear"} if ref.options else {}
        if options:
            arguments["theta"] = {"A": -np.eye(3, dtype=dtype), "b": np.zeros(3, dtype)}
        for step in (smallest, 1e-30, 1e-8, 1.0, 1e8):
            finite(answers(ref, arguments | {"step": np.asarray(step, dtype)}, options, bars))
        still = ref(*(arguments | {"step": np.asarray(smallest, dtype)}).values(), **options)
        np.testing.assert_allclose(still, arguments["x"], atol=1e-21)
        for step in (0.0, -1.0, np.inf, np.nan):
            said = refused(ref, ArgumentError, "step must be positive and finite",
                           *(arguments | {"step": np.asarray(step, dtype)}).values(), **options)
            assert said.endswith("; a step of zero is the identity" if step <= 0 else "; choose another number")


@row("unstable Langevin steps", "η beyond 4/λ of a Gaussian: the chain grows by |1 − ηλ/2| a step, as documented",
     ("langevin_chain",), "it has no chain at one step size")
def unstable_steps(ref):
    theta = {"A": np.array([[-2.0]]), "b": np.zeros(1)}
    end = ref(np.ones((1, 1)), np.zeros((1, 50, 1)), 3.0, theta, score="linear")  # λ = 2: R = 1 − 3 = −2
    np.testing.assert_array_equal(end, [[2.0**50]])
    end = ref(np.ones((1, 1)), np.zeros((1, 51, 1)), 2.0, theta, score="linear")  # η = 4/λ: R = −1
    np.testing.assert_array_equal(end, [[-1.0]])


@row("ladders of noise levels", "ladders of 1e-300, 1e-30 and 1e150, of one level, rising, of equal levels;"
     " σ ≤ 0 is refused", ANNEALED, NO_LEVELS)
def noise_levels(ref):
    arguments, _, bars = drawn(ref, sizes={"L": 1})
    theta = {"A": -np.eye(3), "b": np.zeros(3)}
    options = {"score": "linear"}
    chain = None
    for sigma in (1e-300, 1e-30, 1.0, 1e150):  # one level: the step is ϵ whatever σ is
        got = answers(ref, arguments | {"sigmas": np.array([sigma]), "theta": theta}, options, bars)
        finite(got)
        chain = got["output.value"] if chain is None else chain
        np.testing.assert_array_equal(got["output.value"], chain)
        assert not got["gradient.sigmas"].any()
    arguments, _, bars = drawn(ref)
    for sigmas in ([3e-300, 1e-300], [3e150, 1e150], [0.5, 2.0], [1.0, 1.0]):
        finite(answers(ref, arguments | {"sigmas": np.array(sigmas), "theta": theta}, options, bars))
    for sigma in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "sigmas must be positive and finite",
                       *(arguments | {"sigmas": np.array([1.0, sigma]), "theta": theta}).values(), **options)
        assert "at [1]" in said


@row("the ends of a process", "times from 1e-30 to 1, ends that agree to 15 digits, β of 1e±8; time 0 is refused",
     ("sde_coefficients",), "it has no process in continuous time")
def ends_of_a_process(ref):
    for process in ref.args["process"].words:
        arguments, options, bars = drawn(ref, options={"process": process})
        for t in (1e-30, 1e-5, 0.5, 1.0):
            for low, high in ((1.0, 1 + 1e-15), (0.1, 20.0), (1e-8, 1e8), (1e-30, 1e30)):
                at = {"t": np.full(5, t), "low": np.asarray(low), "high": np.asarray(high)}
                got = answers(ref, at, options, bars)
                finite(got)
                assert np.all(got["output.diffusion"] > 0)
        early = ref(np.full(5, 1e-30), np.asarray(0.1), np.asarray(20.0), process="sub_vp").diffusion
        np.testing.assert_allclose(early, np.sqrt(2e-30) * 0.1, rtol=1e-12)
        level = ref(np.full(5, 0.5), np.asarray(1.0), np.asarray(1 + 2.0**-50), process="ve").diffusion
        np.testing.assert_allclose(level, 2.0**-24.5, rtol=1e-12)
        for t in (0.0, -0.5, 1.5):
            refused(ref, ArgumentError, "t must be above 0 and at most 1", *(arguments | {"t": np.full(5, t)}).values(),
                    **options)
