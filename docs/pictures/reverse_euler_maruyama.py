"""How wrong the variance at the end is, against the number of steps, and what correctors make of it.

Data N(2, ¼) under vp with β from 0.1 to 20, the exact score, from the exact law at t = 1; a chain that is affine in
its start and its noises has its variance from unit vectors, so that nothing is sampled. One should see the predictors
fall as 1/N, λ = ½ below both ends of the family, and corrections of a fixed size arrive at 1/(1 − η/4v) − 1 (dotted),
however many steps there are; corrections of the steps' own size g²h/2 fall with them.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm.nets.field import Field
from refdgm.sde.perturbation_kernel import perturbation_kernel
from refdgm.sde.predictor_corrector import predictor_corrector
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama
from refdgm.sde.sde_coefficients import sde_coefficients

v0, ends = 0.25, (np.array(0.1), np.array(20.0))
theta = {"v": np.array([v0])}


def law(t: float) -> float:
    """The variance at t; the mean does not matter."""
    scale, std = perturbation_kernel(np.array([max(t, 1e-9)]), *ends, process="vp")
    return float(scale[0] ** 2 * v0 + std[0] ** 2)


def vjp(x, t, theta):
    return -x / law(t), lambda s_bar, wrt: {}


score = Field("Gaussian score", ("z", "t"), lambda x, t, theta: vjp(x, t, theta)[0], vjp)


def error(steps: int, share: float = 1.0, corrections: int = 0, size=None) -> float:
    """|V/v₀ − 1| of the end; λ is `share`."""
    count = steps * (1 + corrections)
    unit = np.eye(count + 1)[:, 1:].reshape(count + 1, steps, 1 + corrections, 1)
    times = 1 - np.arange(steps) / steps
    slope, diffusion = sde_coefficients(times, *ends, process="vp")
    x, h = np.eye(count + 1)[:, :1], np.full(steps, 1 / steps)
    if corrections:
        out = predictor_corrector(x, unit[:, :, 0], unit[:, :, 1:], times, h, slope, diffusion,
                                  np.broadcast_to(size(diffusion, h), (steps,)).copy(), theta, score=score)
    else:
        out = reverse_euler_maruyama(x, unit[:, :, 0], times, h, slope, diffusion, np.array(share), theta, score=score)
    return abs((law(1.0) * out[0, 0] ** 2 + np.sum(out[1:] ** 2)) / v0 - 1)


figure, [[left, right]] = axes(2, width=3.6, height=2.8)
steps = 2 ** np.arange(3, 9)
for share, colour, mark in [(0.0, BLUE, "o"), (0.5, GREEN, "^"), (1.0, RED, "s")]:
    left.loglog(steps, [error(n, share) for n in steps], "-", color=colour, marker=mark, ms=3.5,
                label=f"$\\lambda={share:g}$")
right.loglog(steps, [error(n) for n in steps], "-", color=RED, marker="s", ms=3.5, label="none")
for how, colour, mark, label in [
    ((1, lambda g, h: 0.05), BLUE, "o", "one, $\\eta=0.05$"), ((4, lambda g, h: 0.05), INK, "D", "four, $\\eta=0.05$"),
    ((1, lambda g, h: g**2 * h / 2), GREEN, "^", "one, $\\eta=g^2h/2$"),
]:
    right.loglog(steps, [error(n, 1.0, *how) for n in steps], "-", color=colour, marker=mark, ms=3.5, label=label)
right.axhline(1 / (1 - 0.05 / (4 * v0)) - 1, color=GREY, lw=0.9, ls=":")
left.set(xlabel="steps $N$", ylabel="relative error of the variance", title="no corrections")
right.set(xlabel="steps $N$", title="$\\lambda=1$, corrected")
for axis in (left, right):
    axis.set(ylim=(1e-4, 10), xticks=steps, xticklabels=map(str, steps))
    axis.minorticks_off()
    axis.legend(loc="upper right", fontsize=8)
save(figure, "reverse_euler_maruyama")
