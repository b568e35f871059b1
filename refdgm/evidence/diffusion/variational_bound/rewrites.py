"""The variational bound with its logarithms summed by hand."""

from typing import Any

import numpy as np

from refdgm.diffusion.variational_bound import variational_bound
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example, size


@rewrite(variational_bound)
def by_telescoped_logarithms(prediction: Any, x0: Any, eps: Any, beta: Any, *, variance: str) -> Any:
    """½ Σ log(c_t/c_{t−1}) is one logarithm: of ½ D log 2πβ_1 and of −½ D log c_T little is left, or nothing."""
    steps, count, alpha = len(beta), size(x0), 1 - beta
    noise = []  # c_t = 1 − ᾱ_t by its recursion
    for b in beta:
        noise.append(b + (1 - b) * noise[-1] if noise else b)
    c, before = np.array(noise), np.array([0 * beta[0], *noise[:-1]])
    over = c if variance == "beta" else np.array([c[0], *noise[:-1]])
    weight = beta / alpha / over / 2
    squares = ((prediction - eps) ** 2).reshape(len(x0), steps, -1).sum(axis=2)
    norm = per_example(x0 * x0)
    own = np.sum(before / c - 1) + 1 if variance == "beta" else np.log(beta[0] / c[-1])
    value = ((1 - c[-1]) * (norm - count) + count * (np.log(2 * np.pi) + own)) / 2 + squares @ weight

    def pullback(bar: Any) -> Any:
        total, q = np.sum(bar), bar @ squares
        direct = q * weight * (1 / beta + 1 / alpha)  # of β_t where it stands, c held
        moved = 0 * beta  # of c_t
        moved[-1] += (count * total - bar @ norm) / 2
        if variance == "beta":
            moved += -q * weight / c - count * total * before / c**2 / 2
            moved[:-1] += count * total / c[1:] / 2
        else:
            moved[0] -= q[0] * weight[0] / c[0]
            moved[:-1] -= q[1:] * weight[1:] / c[:-1]
            direct[0] += count * total / beta[0] / 2
            moved[-1] -= count * total / c[-1] / 2
        carried = 0 * beta[0]
        for t in reversed(range(steps)):  # c_t = β_t + (1 − β_t) c_{t−1}
            carried = moved[t] + carried
            direct[t] += carried * (1 - before[t])
            carried = carried * alpha[t]
        scale = 2 * (bar[:, None] * weight).reshape(len(x0), steps, *[1] * (x0.ndim - 1))
        return {"prediction": scale * (prediction - eps), "x0": every(bar * (1 - c[-1]), x0) * x0, "beta": direct}

    return value, pullback
