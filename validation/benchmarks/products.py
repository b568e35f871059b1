"""The candidate "products": only the matrix products that a gradient cannot avoid, into arrays that exist.

It computes nothing of use; its time is the floor that no arrangement of the other work can go below.
"""

import numpy as np

from .workloads import Arrays, Program, Size


def products(workload: str, arrays: Arrays, size: Size) -> Program:
    """`gradient()` does the products; there is no value to compare."""
    every = plan(workload, arrays, size)

    def gradient():
        for left, right, out in every:
            np.matmul(left, right, out=out)
        return None, {}

    return None, gradient


def plan(workload: str, arrays: Arrays, size: Size) -> list:
    """The factors of every product, and what it is written into."""
    if workload in ("gumbel", "shallow"):
        raise ValueError("no matrix products, or hardly any")
    theta = arrays["theta"]
    weights = [theta[f"W{layer}"] for layer in range(1, len(theta) // 2 + 1)]
    dtype = weights[0].dtype
    solves = workload in ("ode", "ffjord")
    every = _network(weights, size.batch, dtype, inputs=solves, stacked=4 if solves else 1)
    if workload == "ism":
        every += _tangents(weights, size.batch * size.inputs, dtype)
    if workload == "sliced":
        every += _network(weights, size.batch, dtype, inputs=False, stacked=1)
    if workload == "ffjord":  # the probe meets the first and the last layer once for all stages
        every += _tangents(weights, size.batch, dtype, stacked=4)
    return every * size.steps if solves else every


def _network(weights, rows, dtype, inputs, stacked):
    """Forwards h Wᵀ, backwards a_bar W, and a_barᵀ h. Of `stacked` stages the last is one product over all their
    rows."""
    plan = []
    for layer, weight in enumerate(weights):
        fan_out, fan_in = weight.shape
        h, a = _noise(rows * stacked, fan_in, dtype), _noise(rows * stacked, fan_out, dtype)
        for n in range(stacked):
            part = slice(n * rows, (n + 1) * rows)
            plan.append((h[part], weight.T, np.empty((rows, fan_out), dtype)))
            if layer or inputs:
                plan.append((a[part], weight, np.empty((rows, fan_in), dtype)))
        plan.append((a.T, h, np.empty_like(weight)))
    return plan


def _tangents(weights, rows, dtype, stacked=1):
    """Hidden to hidden alone: the first tangent is W¹ itself, and the trace needs none at the output."""
    return _network(weights[1:-1], rows, dtype, inputs=True, stacked=stacked)


def _noise(rows, columns, dtype):
    return np.random.default_rng(7).normal(size=(rows, columns)).astype(dtype)
