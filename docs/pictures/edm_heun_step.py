"""The second slope: errors of Heun's and of Euler's step against the length of the step, on data whose flow is closed.

Data N(0, 1): the denoiser is x/(1 + σ²) and the flow x ∝ √(1 + σ²). Left: one step from σ = 2 down, with the way of the
flow; Euler follows the slope at its start, Heun the mean of both. Right: the error of a whole way from σ = 10 to 0.1 in
N steps of one quotient, against the evaluations of the denoiser. One should see slopes of −1 and −2, and Heun ahead
from a dozen evaluations on.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import edm_heun_step

denoise = lambda x, sigma: x / (1 + sigma**2)
flow = lambda x, sigma, to: x * np.sqrt((1 + to**2) / (1 + sigma**2))


def euler(x, sigma, to):
    return x + (to - sigma) / sigma * (x - denoise(x, sigma))


def heun(x, sigma, to):
    ends = (np.array([s]) for s in (sigma, to))
    return edm_heun_step(x, denoise(x, sigma), denoise(euler(x, sigma, to), to), *ends)


figure, [[left, right]] = axes(2, width=3.4, height=2.7)
x, sigma = np.array([[2.0]]), np.linspace(0.3, 2, 81)
left.plot(sigma, flow(2.0, 2.0, sigma), color=GREY, lw=3, alpha=0.5, label="flow")
for step, colour, label in ((euler, BLUE, "Euler"), (heun, RED, "Heun")):
    left.plot(sigma, [step(x, 2.0, to)[0, 0] for to in sigma], color=colour, label=label)
left.invert_xaxis()
left.set(xlabel=r"to the level $\sigma'$", ylabel="$x'$", title=r"one step from $\sigma=2$")
left.legend()

counts = 2 ** np.arange(1, 9)
for step, colour, mark, cost in ((euler, BLUE, "o", 1), (heun, RED, "s", 2)):
    errors = []
    for n in counts:
        levels, y = np.geomspace(10, 0.1, n + 1), x
        for a, b in pairwise(levels):
            y = step(y, a, b)
        errors.append(abs(y[0, 0] / flow(2.0, 10.0, 0.1) - 1))
    right.loglog(cost * counts, errors, mark, ls="-", ms=3.5, color=colour)
guide = np.array([30.0, 300.0])
right.loglog(guide, 6 / guide, ":", color=INK, lw=0.8)
right.loglog(guide, 20 / guide**2, ":", color=INK, lw=0.8)
right.set(xlabel="evaluations of the denoiser", title="relative error of the whole way")
save(figure, "edm_heun_step")
