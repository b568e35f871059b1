"""Guided samples are not samples of the sharpened law that guidance is derived from.

Data N(0, 1), and with the condition N(1, 0.5²), for both of which the exact noise is linear; 100 steps of DDIM with η
= 0 from one set of quantiles of the noise. Outline: where the guided steps end; line: p(x|y)^γ p(x)^{1−γ} of the
data, normalised. One should see them agree at γ = 1 alone: beyond it the samples go too far and come too close.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import (
    classifier_free_guidance,
    cosine_schedule,
    ddim_step,
    eps_from_score,
    gaussian_log_density,
    gaussian_mixture_score,
    strided_schedule,
)

full = cosine_schedule(np.array(0.008), np.array(0.999), steps=1000)
_, betas, _, befores = strided_schedule(full, steps=100, spacing="linspace")
logit = np.zeros(1)
plain, given = ((logit, np.array([[m]]), np.array([[[s]]])) for m, s in ((0.0, 1.0), (1.0, 0.5)))
u = (np.arange(8000) + 0.5) / 8000
line = np.linspace(-4.5, 4.5, 20001)
start = np.interp(u, np.cumsum(np.exp(-line**2 / 2)) / np.sum(np.exp(-line**2 / 2)), line)[:, None]
x = np.linspace(-2, 4, 481)[:, None]
log = {law[1][0, 0]: gaussian_log_density(x, *(np.full_like(x, v) for v in (law[1][0, 0], 2 * np.log(law[2][0, 0, 0]))))
       for law in (plain, given)}

figure, (panels,) = axes(3, width=2.6, height=2.5)
for axis, gamma, colour in zip(panels, (1.0, 2.0, 3.0), (INK, BLUE, RED), strict=True):
    z = start
    for beta, before in zip(betas, befores, strict=True):
        every, kept = np.ones(len(z)), (1 - beta) * before
        eps_u, eps_c = (eps_from_score(gaussian_mixture_score(z, *law, np.sqrt(kept), np.sqrt(1 - kept)), kept * every)
                        for law in (plain, given))
        guided = classifier_free_guidance(eps_c, eps_u, np.array(gamma))
        z = ddim_step(z, guided, np.zeros_like(z), beta * every, before * every, np.array(0.0))
    sharp = np.exp(gamma * log[1.0] + (1 - gamma) * log[0.0])
    counts, edges = np.histogram(z, 60, (-2, 4), density=True)
    axis.fill_between(x[:, 0], sharp / np.sum(sharp) / (x[1] - x[0]), color=GREY, alpha=0.4, lw=0)
    axis.stairs(counts, edges, color=colour, lw=1.2)
    axis.set(xlabel="$x$", yticks=[], title=rf"$\gamma={gamma:g}$")
save(figure, "classifier_free_guidance")
