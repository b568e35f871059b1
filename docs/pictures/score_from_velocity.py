"""The score that a velocity says, beside the exact one, and what becomes of the velocity's error.

The flow from N(0, 1) to a mixture of two Gaussians. Left: the densities at three times. Middle: the score from the
exact velocity (marks) and that of the mixture itself (lines). Right: the error of the score when the velocity is off by
0.01: it is 0.01 t/(1 − t) (line), nothing at the noise and without a bound at the data.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gaussian_mixture_denoiser, gaussian_mixture_log_density, gaussian_mixture_score, score_from_velocity

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
x = np.linspace(-2.6, 2.6, 131)[:, None]
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)


def noised(t):
    return (*law, np.array(t), np.array(1 - t))


def said(t, error=0.0):
    v = (gaussian_mixture_denoiser(x, *noised(t)) - x) / (1 - t) + error
    return score_from_velocity(x, v, np.full(len(x), t))


for t, colour in ((0.2, BLUE), (0.5, GREEN), (0.8, RED)):
    left.plot(x, np.exp(gaussian_mixture_log_density(x, *noised(t))), color=colour, label=f"$t={t:g}$")
    exact = gaussian_mixture_score(x, *noised(t))
    middle.plot(x, exact, color=colour, lw=1)
    middle.plot(x[::6], said(t)[::6], "o", ms=3, color=colour)
left.set(xlabel="$x$", title="density", ylim=(0, 0.75))
left.legend(loc="upper left", fontsize=8)
middle.set(xlabel="$x$", title="score", ylim=(-14, 14))
times = np.linspace(0.01, 0.995, 100)
right.semilogy(times, 0.01 * times / (1 - times), color=INK, lw=0.8)
few = np.array([0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99])
right.semilogy(few, [np.max(abs(said(t, 0.01) - gaussian_mixture_score(x, *noised(t)))) for t in few], "o", ms=4,
               color=BLUE)
right.axhline(0.01, color=RED, lw=0.8, ls=":")
right.set(xlabel="$t$", title="error, with 0.01 in the velocity")
save(figure, "score_from_velocity")
