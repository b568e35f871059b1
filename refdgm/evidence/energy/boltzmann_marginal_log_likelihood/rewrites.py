"""The log-likelihood of a Boltzmann machine with hidden units, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.boltzmann_marginal_log_likelihood import boltzmann_marginal_log_likelihood
from refdgm.evidence.declare import rewrite


@rewrite(boltzmann_marginal_log_likelihood)
def as_one_machine(v: Any, U: Any, W: Any, V: Any, b: Any, c: Any, temperature: Any) -> Any:
    """One matrix of all units, one list of states; clamped means are those over the states with v in their place."""
    d, n = len(b), len(b) + len(c)
    whole, bias = np.block([[U, W.T], [W, V]]), np.concatenate([b, c])
    rows = np.array([[number >> i & 1 for i in range(n)] for number in range(2**n)], v.dtype)
    hidden = rows[::2**d, d:]

    def law(z: Any) -> Any:
        w = (0.5 * np.sum((z @ whole) * z, axis=1) + z @ bias) / temperature
        e = np.exp(w - np.max(w))
        return np.max(w) + np.log(np.sum(e)), e / np.sum(e), w

    total, p, w = law(rows)
    given = [np.concatenate([np.tile(row, (len(hidden), 1)), hidden], axis=1) for row in v]
    laws = [law(z) for z in given]

    def pullback(bar: Any) -> dict[str, Any]:
        pairs, means, slope, of_v = np.zeros_like(whole), np.zeros_like(bias), 0 * temperature, np.zeros_like(v)
        for k, (g, z, (_, q, scores)) in enumerate(zip(bar, given, laws, strict=True)):
            pairs = pairs + g * (z.T @ (q[:, None] * z) - rows.T @ (p[:, None] * rows))
            means = means + g * (q @ z - p @ rows)
            slope = slope - g * (q @ scores - p @ w) / temperature
            of_v[k] = g * (0.5 * (q @ z) @ (whole + whole.T) + bias)[:d] / temperature
        half = pairs / (2 * temperature)
        return {"v": of_v, "U": half[:d, :d], "W": 2 * half[d:, :d], "V": half[d:, d:], "b": means[:d] / temperature,
                "c": means[d:] / temperature, "temperature": slope}

    return np.array([found[0] for found in laws], v.dtype).reshape(len(v)) - total, pullback
