"""Chains of stochastic steps: none, the shortest, the longest, and diffusions of every size."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row

CHAINS = ("euler_maruyama", "reverse_euler_maruyama", "predictor_corrector")
NO_CHAIN = "it is no chain of steps with a diffusion"
LINEAR = {"A": -np.eye(3), "b": np.zeros(3)}


def linear(ref, corrections=0, **more):
    """A drawn case with a linear field that pulls to the origin, and so many corrections where there are any."""
    option = next(name for name in ref.options)
    arguments, options, bars = drawn(ref, options={option: "linear"}, sizes={"L": corrections}, **more)
    dtype = arguments["x"].dtype
    return arguments | {"theta": {name: x.astype(dtype) for name, x in LINEAR.items()}}, options, bars


@row("no stochastic steps", "a chain of no steps is the identity, its gradient too; the rest has no gradient", CHAINS,
     NO_CHAIN)
def no_stochastic_steps(ref):
    arguments, options, bars = drawn(ref, sizes={"T": 0})
    got = answers(ref, arguments, options, bars)
    np.testing.assert_array_equal(got.pop("output.value"), arguments["x"])
    np.testing.assert_array_equal(got.pop("gradient.x"), bars[0])
    assert "gradient.theta.W1" in got and not any(np.any(x) for x in got.values())


@row("stochastic steps and diffusions", "h from the smallest number to 1e8, diffusions of 0, −1, 1e-100 and 1e30;"
     " h ≤ 0 is refused", CHAINS, NO_CHAIN)
def stochastic_steps(ref):
    for dtype, smallest in ((np.float64, 5e-324), (np.float32, 1e-45)):
        arguments, options, bars = linear(ref, dtype=np.dtype(dtype).name)
        for h in (smallest, 1e-30, 1e-8, 1.0, 1e8):
            finite(answers(ref, arguments | {"h": np.full(4, h, dtype)}, options, bars))
        still = ref(*(arguments | {"h": np.full(4, smallest, dtype)}).values(), **options)
        np.testing.assert_allclose(still, arguments["x"], atol=1e-21)
    arguments, options, bars = linear(ref)
    for g in (0.0, -1.0, 1e-100, 1e30):
        finite(answers(ref, arguments | {"diffusion": np.full(4, g)}, options, bars))
    for h in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "h must be positive and finite",
                       *(arguments | {"h": np.array([1.0, 1.0, h, 1.0])}).values(), **options)
        assert "at [2]" in said
    refused(ref, ArgumentError, "times must be finite",
            *(arguments | {"times": np.array([1.0, np.inf, 0.0, 0.0])}).values(), **options)


@row("corrections after steps", "none are the sampler alone; η from the smallest number to 1e3; η ≤ 0 is refused",
     ("predictor_corrector",), "it makes no corrections")
def corrections_after_steps(ref):
    arguments, options, bars = linear(ref)
    got = answers(ref, arguments, options, bars)
    finite(got)
    assert not got["gradient.step"].any() and got["gradient.h"].any()
    for dtype, smallest in ((np.float64, 5e-324), (np.float32, 1e-45)):
        arguments, options, bars = linear(ref, 2, dtype=np.dtype(dtype).name)
        for step in (smallest, 1e-30, 1.0, 1e3):
            finite(answers(ref, arguments | {"step": np.full(4, step, dtype)}, options, bars))
    for step in (0.0, -1.0, np.inf, np.nan):
        said = refused(ref, ArgumentError, "step must be positive and finite",
                       *(arguments | {"step": np.array([1.0, step, 1.0, 1.0], dtype)}).values(), **options)
        assert "at [1]" in said
