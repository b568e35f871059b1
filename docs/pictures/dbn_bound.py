"""The greedy bound while a layer is added, and the slope of a unit that is nearly sure.

Left: four patterns of four units and a restricted machine of three hidden ones that has learned something of them. It
is unrolled, and the machine on top is raised along its own slope alone. One should see both curves start at one point
and rise, and the bound stay below. Right: the slope in one bias r, as the package has it and with h − σ(a) in float64.
One should see one line, and dots that end where σ(r) rounds to one.
"""

import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm import dbn_bound, rbm_log_likelihood

rng = np.random.default_rng(3)
v = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0]])
W, b, c = rng.normal(0, 0.5, (3, 4)), np.zeros(4), np.zeros(3)
for _ in range(40):
    g = rbm_log_likelihood.vjp(v, W, b, c)[1](np.full(4, 0.1))
    W, b, c = W + g["W"], b + g["b"], c + g["c"]

bits = np.array([[s >> i & 1 for i in range(3)] for s in range(8)], float)


def evidence(U, hidden, upper):
    """The mean log P(v) of the network, state by state of h."""
    free = bits @ hidden + np.logaddexp(0, bits @ U.T + upper).sum(axis=1)
    f = bits @ W + b
    worth = v @ f.T - np.logaddexp(0, f).sum(axis=1) + free - np.logaddexp.reduce(free)
    return np.mean(np.logaddexp.reduce(worth, axis=1))


top, bounds, truths = [W.T.copy(), c.copy(), b.copy()], [], []
for _ in range(120):
    value, pullback = dbn_bound.vjp(v, W, c, W.T, b, *top)
    bounds.append(np.mean(value))
    truths.append(evidence(*top))
    g = pullback(np.full(4, 0.25))
    top = [x + 0.5 * g[name] for x, name in zip(top, ("W", "b", "c"), strict=True)]

figure, [[left, right]] = axes(2, width=3.5, height=2.7)
left.plot(truths, color=BLUE, label="$\\log P(v)$")
left.plot(bounds, color=RED, label="$J$")
left.set(xlabel="steps of the machine on top", title="mean of four patterns, nats")
left.legend(loc="lower right")

one = np.ones((1, 1))
biases = np.linspace(5, 60, 56)
parts = [one, 0 * one, None, one, np.zeros(1), one, np.ones(1), np.zeros(1)]
slopes, plain = [], []
for r in biases:
    parts[2] = np.array([r])
    slopes.append(-dbn_bound.vjp(*parts)[1](np.ones(1))["r"][0])
    p = 1 / (1 + np.exp(-r))
    q = np.array([1 - p, p])
    log_q = -np.logaddexp(0, [r, -r])
    h = np.array([0.0, 1])
    free = h + np.logaddexp(0, h)
    worth = h - np.logaddexp(0, h) + free - np.logaddexp.reduce(free) - log_q
    plain.append(-np.sum(q * (worth - np.sum(q * worth)) * (h - p)))
right.semilogy(biases, slopes, color=GREY, label="$\\bar r$, (5)")
right.semilogy(biases, np.where(np.array(plain) > 0, plain, np.nan), ".", color=RED, markersize=4,
               label="with $h-\\sigma(a)$")
right.set(xlabel="$r$", title="$-\\bar r$ of one unit", ylim=(1e-26, 1))
right.legend(loc="upper right")
save(figure, "dbn_bound")
