"""How many sweeps the largest singular value takes, and how many one sweep a step takes while the weights move.

A 64 × 64 matrix of independent normal entries. Left: the relative error of the estimate against the sweeps, from five
starts, once with the singular values as they are (grey) and once with the largest doubled (blue). One should see
straight lines, whose slopes are four times the logarithm of the quotient of the two largest, and every estimate too
small. Right: one sweep a step from the vector of the step before, while every entry takes random steps of 0.02: one
should see the estimate (blue) catch up with the true value (line) within some dozens of steps, and stay there.
"""

import numpy as np
from style import BLUE, GREY, INK, axes, save

from refdgm import power_iteration, spectral_normalization

rng = np.random.default_rng(2)
W = rng.standard_normal((64, 64))
U, s, Vt = np.linalg.svd(W)
starts = rng.standard_normal((5, 64))
figure, [[left, right]] = axes(2, width=3.8, height=2.8)
for values, colour, name in ((s, GREY, "as drawn"), (np.concatenate([[2 * s[0]], s[1:]]), BLUE, "the largest doubled")):
    matrix = (U * values) @ Vt
    for number, u in enumerate(starts):
        u, errors = u / np.linalg.norm(u), []
        for _ in range(40):
            u, v = power_iteration(matrix, u, iterations=1)
            errors.append(1 - spectral_normalization(matrix, u, v)[1] / values[0])
        left.semilogy(np.arange(1, 41), np.maximum(errors, 1e-17), color=colour, lw=1, label="" if number else name)
left.set(xlabel="sweeps", title="by how much the estimate is too small", ylim=(1e-16, 2))
left.legend()

u, true, found = starts[0] / np.linalg.norm(starts[0]), [], []
for _ in range(300):
    W = W + 0.02 * rng.standard_normal(W.shape)
    u, v = power_iteration(W, u, iterations=1)
    true.append(np.linalg.svd(W, compute_uv=False)[0])
    found.append(spectral_normalization(W, u, v)[1])
right.plot(true, color=INK, lw=1, label="largest singular value")
right.plot(found, color=BLUE, label="one sweep a step")
right.set(xlabel="step", title="while the weights move", ylim=(0.75 * true[0], None))
right.legend(loc="lower right")
save(figure, "power_iteration")
