"""Left: a datum on its way to the noise, step by step, and the law that one step from the datum gives at once.

x₀ = 1.5 under 200 linear steps; thin: paths of steps x_t = √(1 − β) x_{t−1} + √β ε; thick and dashed: √ᾱ x₀ and two
deviations √(1 − ᾱ) beside it. One should see the paths in that band but for one point in twenty. Right: how far x₀ is
off where a network's answer is off by one, for the three things that it may be asked for (solid), and how far ε is
off (dashed). One should see ε tell nothing of x₀ at high noise, x₀ nothing of ε at low noise, and v bounded by one
everywhere.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import (
    alpha_products,
    eps_from_v,
    eps_from_x0,
    forward_marginal,
    linear_schedule,
    x0_from_eps,
    x0_from_v,
)

steps, paths, start = 200, 12, 1.5
beta = linear_schedule(np.array(5e-4), np.array(0.05), steps=steps)
kept = alpha_products(beta)[0]
rng = np.random.default_rng(1)
states = [np.full((paths, 1), start)]
for one in beta:
    states.append(forward_marginal(states[-1], rng.standard_normal((paths, 1)), np.full(paths, 1 - one)))

figure, [[left, right]] = axes(2, width=3.8, height=2.9)
left.plot(np.arange(steps + 1), np.array(states)[:, :, 0], color=GREY, lw=0.5)
band = [forward_marginal(np.full((steps, 1), start), np.full((steps, 1), z), kept)[:, 0] for z in (-2.0, 0.0, 2.0)]
for curve, dashes in zip(band, ("--", "-", "--"), strict=True):
    left.plot(np.arange(1, steps + 1), curve, dashes, color=BLUE)
left.set(xlabel="step $t$", ylabel="$x_t$", title="steps, and one draw for all of them")

level = 1 / (1 + np.exp(np.linspace(-7, 7, 141)))
moved = lambda of, *fixed: abs(of(np.zeros((141, 1)), np.ones((141, 1)), level)
                               - of(np.zeros((141, 1)), np.zeros((141, 1)), level))[:, 0]
for of, colour, dashes, name in (
    (x0_from_eps, RED, "-", r"$x_0$, asked for $\varepsilon$"), (x0_from_v, GREEN, "-", "$x_0$, asked for $v$"),
    (eps_from_x0, RED, "--", r"$\varepsilon$, asked for $x_0$"),
    (eps_from_v, GREEN, "--", r"$\varepsilon$, asked for $v$"),
):
    right.semilogy(level, moved(of), dashes, color=colour, label=name)
right.axhline(1, color=INK, lw=0.7, ls=":")
right.set(xlabel=r"$\bar\alpha$: noise on the left, data on the right", title="an answer that is off by 1: error of …")
right.legend(loc="upper center", ncols=2, fontsize=7.5)
right.set_ylim(1e-2, 500)
save(figure, "forward_marginal")
