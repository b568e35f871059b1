"""Two predictions of the data for the price of one: errors of DDIM and of the second-order multistep method.

A mixture of two Gaussians on the line and its exact denoiser, ve from σ = 10 to 0.02 in equal steps of λ = −log σ.
Left: the error of 200 points against the steps, with dotted slopes −1 and −2. Right: the prediction of the data along
the way of one point, with the line through two of them that a step of the second order follows. One should see the
second order ahead everywhere, by twice at five steps and by 75 times at 320, for there the line meets the turn.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import dpm_solver_pp_2m_step, gaussian_mixture_denoiser

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
first, last = -np.log(10.0), -np.log(0.02)
denoise = lambda x, lam: gaussian_mixture_denoiser(x, *law, np.array(1.0), np.array(np.exp(-lam)))


def walk(x, steps, second):
    """The ends, and the predictions on the way."""
    h, before, seen = (last - first) / steps, None, []
    for n in range(steps):
        lam = first + n * h
        now = denoise(x, lam)
        seen.append((lam, now[0, 0]))
        before = now if before is None or not second else before
        every = np.ones(len(x))
        x, before = dpm_solver_pp_2m_step(x, now, before, lam * every, h * every, h * every, process="ve"), now
    return x, np.array(seen)


start = 10 * np.linspace(-2, 2, 200)[:, None]
exact, _ = walk(start, 6000, True)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
counts, found = np.array([5, 7, 10, 14, 20, 28, 40, 57, 80, 160, 320]), {}
for second, colour, mark, name in ((False, BLUE, "o", "DDIM, one prediction"), (True, RED, "s", "2M, two predictions")):
    errors = [np.sqrt(np.mean((walk(start, int(n), second)[0] - exact) ** 2)) for n in counts]
    left.loglog(counts, errors, mark, ls="-", ms=3.5, color=colour, label=name)
    found[name] = errors
guide = np.array([40.0, 320.0])
left.loglog(guide, 1.3 * found["DDIM, one prediction"][6] * (guide / 40) ** -1, ":", color=INK, lw=0.8)
left.loglog(guide, 0.7 * found["2M, two predictions"][6] * (guide / 40) ** -2, ":", color=INK, lw=0.8)
left.set(xlabel="steps", title="error of the ends", xticks=(kept := [5, 10, 20, 40, 80, 160, 320]),
         xticklabels=map(str, kept))
left.minorticks_off()
left.legend(fontsize=7.5)

point = np.array([[-1.0]])
_, fine = walk(point, 2000, True)
right.plot(*fine.T, color=GREY, lw=3, alpha=0.5)
_, few = walk(point, 12, True)
right.plot(*few.T, "o", ms=3.5, color=INK)
h = (last - first) / 12
for (_, before), (lam, now) in pairwise(few):
    right.plot([lam, lam + h / 2], [now, now + (now - before) / 2], color=RED, lw=1.4)
right.set(xlabel=r"$\lambda=-\log\sigma$", title="the data as they are predicted")
save(figure, "dpm_solver_pp_2m_step")
