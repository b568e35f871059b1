"""The variance of the slope of E ‖z‖² in one mean, z of N(0, I), by the score and along the path.

Left: one draw, against the dimension; lines are (D + 2)(D + 4), 2D + 8 and 4, points are 20000 draws. One should see
two powers of D, one, and none. Right: R draws in eight dimensions, the variance times R; with the mean of the others it
comes down to that of the best constant, and two draws are already far better than no baseline.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import leave_one_out_estimator, score_function_estimator

rng = np.random.default_rng(0)
many = 20000


def drawn(draws, dimension):
    z = rng.normal(size=(many, draws, dimension))
    return np.sum(z**2, axis=2), z[:, :, 0]


def variance(weights, score):
    return np.mean(np.sum(weights * score, axis=1) ** 2)


def with_baseline(cost, b):
    return score_function_estimator.vjp(0 * cost, cost, np.full(many, float(b)))[1](np.ones(many))["log_prob"]


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
dimensions = np.array([1, 2, 4, 8, 16, 32])
none, best = (dimensions + 2) * (dimensions + 4), 2 * dimensions + 8
for colour, law, b in ((RED, none, lambda d: 0), (BLUE, best, lambda d: d)):
    left.loglog(dimensions, law, "-", color=colour, linewidth=0.8)
    found = []
    for d in dimensions:
        cost, score = drawn(1, d)
        found.append(variance(with_baseline(cost, b(d)), score))
    left.loglog(dimensions, found, "o", color=colour, markersize=3.5)
left.axhline(4, color=GREEN, linewidth=0.8)
left.set(xlabel="dimension $D$", title="variance, one draw")

numbers = np.array([2, 3, 4, 6, 8, 16, 32])
found = []
for r in numbers:
    cost, score = drawn(r, 8)
    weights = leave_one_out_estimator.vjp(0 * cost, cost)[1](np.ones(many))["log_prob"]
    found.append(r * variance(weights, score))
right.semilogx(numbers, found, "-s", color=GREY, markersize=3.5, label="the mean of the others")
for law, colour, label in ((120, RED, "no baseline"), (24, BLUE, "the mean cost"), (4, GREEN, "along the path")):
    right.axhline(law, color=colour, linewidth=0.8, label=label)
right.set(xlabel="draws $R$", title="variance times $R$, $D=8$", yscale="log")
right.set_xticks(numbers, [str(r) for r in numbers])
right.minorticks_off()
figure.legend(loc="outside lower center", ncols=4)
save(figure, "score_function_estimator")
