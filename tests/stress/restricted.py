"""Restricted machines whose units are saturated."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.logistic_step import logistic_between, logistic_step, softplus_step

from ..refusal import refused
from .kernels import each, near
from .rows import answers, drawn, finite, kernel, row

NO_MACHINE = "it is no restricted machine"
FREE = ("rbm_free_energy", "rbm_conditionals", "rbm_gibbs_chain", "contrastive_divergence",
        "rbm_log_likelihood", "rbm_pseudo_log_likelihood")


@row("weights of a machine", "weights and biases of 1e±150 and of zero: units that are on, off or even, and nothing"
     " overflows", FREE, NO_MACHINE)
def any_weights(ref):
    arguments, options, bars = drawn(ref)
    for size in (0.0, 1e-300, 1e-150, 1e3, 1e30, 1e150):
        changed = arguments | {name: size * arguments[name] for name in ("W", "b", "c")}
        finite(answers(ref, changed, options, bars))


@row("units of a machine", "units of exactly 0 and 1 are asked; beyond, and NaN, is refused", FREE, NO_MACHINE)
def ends_of_units(ref):
    arguments, options, bars = drawn(ref)
    finite(answers(ref, arguments | {"v": np.round(arguments["v"])}, options, bars))
    for bad in (-5e-324, 1 + 2.0**-52, np.inf, np.nan):
        changed = arguments["v"].copy()
        changed[1, 0] = bad
        refused(ref, ArgumentError, "v must be from 0 to 1", *(arguments | {"v": changed}).values())


@kernel("1 / (1 + exp(−a − w)) − 1 / (1 + exp(−a)), steps of any size, across zero and where both ends are saturated",
        logistic_step, logistic_between)
def step_of_the_logistic_function(dtype):
    a, w = steps(dtype)
    near(logistic_step(a, w), each(lambda t, u: 1 / (1 + mp.exp(-t - u)) - 1 / (1 + mp.exp(-t)), a, w), 40)


@kernel("log(1 + exp(a + w)) − log(1 + exp(a)), steps of any size, across zero and where both ends are saturated",
        softplus_step)
def step_of_the_softplus(dtype):
    a, w = steps(dtype)
    want = each(lambda t, u: mp.log(1 + mp.exp(t + u)) - mp.log(1 + mp.exp(t)), a, w)
    near(softplus_step(a, w), want, 40)


def steps(dtype):
    """Pairs whose sum is exact."""
    a = np.array([-64, -16, -1, -0.125, 0, 0.125, 1, 16, 64], dtype)
    w = np.array([-96, -16, -1, -(2.0**-12), 0, 2.0**-12, 1, 16, 96], dtype)
    return (np.ravel(x) for x in np.meshgrid(a, w))
