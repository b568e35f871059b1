"""Calls, passes and FLOPs of a gradient, counted: no clock, and the same on every machine."""

from itertools import pairwise

import numpy as np
import pytest

from validation.benchmarks import ours, workloads
from validation.benchmarks.counting import CALLS, FLOPS, PASSES, Counted, counted, counting, of_gradient

MOST = {  # calls, and passes over the elements of the hidden layers (of a stage and an input, where there are such)
    "gumbel": (23, 14.3), "mlp": (45, 14.2), "dsm": (53, 14.2), "sliced": (87, 25.8), "ism": (87, 31.8),
    "shallow": (48, 23.5), "ode": (49.5, 11.6), "ffjord": (85.5, 19.6),
}
OVER = 1.005  # FLOPs of all products by those that are necessary, where no algebra spares any


@pytest.mark.parametrize("workload", MOST)
def test_no_gradient_makes_more_calls_or_passes(workload):
    calls, passes, _ = of_gradient(workload, workloads.SIZES[workload]["small"])
    for found, most in zip((calls, passes), MOST[workload], strict=True):
        assert 0.9 * most <= found <= most


@pytest.mark.parametrize("workload", ["mlp", "dsm", "ode"])
def test_no_product_is_made_twice(workload):
    """One with each weight for the value, two for its gradients, but for the gradient of data that nobody asks for."""
    size = workloads.SIZES[workload]["small"]
    extra = workload == "ode"  # a time beside the state, and a gradient of the state
    widths = (size.inputs + extra, *size.hidden, size.inputs)
    weights = [a * b for a, b in pairwise(widths)]
    layers = 3 * sum(weights) - (0 if extra else weights[0])
    biases = sum(size.hidden) + size.inputs  # Σ over the batch, as a product with ones
    needed = 2 * size.batch * (layers + biases) * max(1, 4 * size.steps)
    assert needed / OVER <= of_gradient(workload, size)[2] <= needed * OVER


def test_what_counts_is_the_same_function():
    size = workloads.SIZES["sliced"]["tiny"]
    arrays = workloads.draw("sliced", size, "float64")
    (value, grads), (same, others) = (ours.body("sliced", each, size)[1]() for each in (arrays, counted(arrays)))
    assert value == same and all(np.array_equal(x, others[name]) for name, x in grads.items())


def test_what_is_counted():
    """A product as its FLOPs; a sum by what it reads; a view and a shape not at all; in place as elsewhere."""
    x, w = counted(np.ones((3, 5))), counted(np.ones((5, 7)))
    with counting() as found:
        y = x @ w
        y += 1
        np.sum(y, axis=0)
        np.concatenate([y, y], axis=1)
        y[:, 0].T.reshape(3, 1)
    assert isinstance(y, Counted) and np.array_equal(y, np.full((3, 7), 6.0))
    assert found == {FLOPS: 2 * 3 * 5 * 7, CALLS: 4, PASSES: 21 + 21 + 42}
