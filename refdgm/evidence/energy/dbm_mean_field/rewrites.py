"""Mean field in a deep Boltzmann machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.dbm_mean_field import dbm_mean_field
from refdgm.evidence.declare import rewrite


def sigma(a: Any) -> Any:
    return np.exp(-np.logaddexp(0, -a))


@rewrite(dbm_mean_field)
def example_by_example(v: Any, start: Any, W1: Any, W2: Any, c1: Any, c2: Any, *, iterations: int) -> Any:
    """Column vectors, and slopes as products of two logarithms' exponentials."""
    first, second, kept = np.zeros((len(v), len(c1)), v.dtype), np.array(start), []
    for row, x in enumerate(v):
        for n in range(iterations):
            a = W1 @ x + W2.T @ second[row] + c1
            old, first[row] = second[row].copy(), sigma(a)
            b = W2 @ first[row] + c2
            second[row] = sigma(b)
            kept.append((row, n, old, first[row].copy(), sigma(a) * sigma(-a), sigma(b) * sigma(-b)))

    def pullback(bar1: Any, bar2: Any) -> dict[str, Any]:
        g = {"v": np.zeros_like(v), "start": np.array(bar2), "W1": np.zeros_like(W1), "W2": np.zeros_like(W2),
             "c1": np.zeros_like(c1), "c2": np.zeros_like(c2)}
        for row, n, old, mean1, slope1, slope2 in reversed(kept):
            of_b = g["start"][row] * slope2
            of_a = (W2.T @ of_b + (bar1[row] if n == iterations - 1 else 0)) * slope1
            g["W2"] += np.outer(of_b, mean1) + np.outer(old, of_a)
            g["W1"] += np.outer(of_a, v[row])
            g["c1"] += of_a
            g["c2"] += of_b
            g["v"][row] += W1.T @ of_a
            g["start"][row] = W2 @ of_a
        return g

    return (first, second), pullback
