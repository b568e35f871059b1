"""Where 18 levels of noise lie for three values of ρ, and which ρ a sampler wants.

From 80 to 0.002, as Karras et al. have them. Left: the levels. One should see ρ = 1 spend all but one of them above
any scale of the data, and a large ρ spend them evenly in log σ. Right: Heun's steps along these levels with the exact
denoiser of a mixture of two Gaussians, and their distance from where 2000 steps lead, against ρ. One should see a
broad valley, lower with more steps, with ρ = 7 (dotted) in it, and a wall on the left.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import edm_heun_step, gaussian_mixture_denoiser, karras_noise_levels

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
low, high, one = np.array(0.002), np.array(80.0), np.array(1.0)
start = 80 * np.linspace(-2, 2, 60)[:, None]


def ends(rho: float, steps: int) -> np.ndarray:
    """Where the starts are carried in so many steps."""
    levels, x, every = karras_noise_levels(low, high, np.array(rho), steps=steps + 1), start, np.ones(len(start))
    for sigma, after in pairwise(levels):
        near = gaussian_mixture_denoiser(x, *law, one, sigma)
        tried = x + (after - sigma) / sigma * (x - near)
        x = edm_heun_step(x, near, gaussian_mixture_denoiser(tried, *law, one, after), sigma * every, after * every)
    return x


figure, [[left, right]] = axes(2, width=3.8, height=2.8)
for rho, colour in ((1.0, RED), (3.0, GREEN), (7.0, BLUE), (50.0, INK)):
    left.semilogy(np.arange(18), karras_noise_levels(low, high, np.array(rho), steps=18), "o-", ms=3, lw=1,
                  color=colour, label=rf"$\rho={rho:g}$")
left.set(xlabel="number of the level", xticks=[0, 5, 10, 15], title=r"$\sigma$")
left.legend()
rhos, exact = np.array([1, 1.5, 2, 3, 4, 5.5, 7, 10, 15, 25, 50.0]), ends(7.0, 2000)
for steps, colour, mark in ((10, RED, "o"), (18, GREEN, "s"), (40, BLUE, "^")):
    found = [np.sqrt(np.mean((ends(rho, steps) - exact) ** 2)) for rho in rhos]
    right.loglog(rhos, found, marker=mark, ms=3.5, color=colour, label=f"{steps} steps")
right.axvline(7, color=GREY, lw=0.8, ls=":")
ticks = [1, 3, 7, 20, 50]
right.set(xlabel=r"$\rho$", xticks=ticks, xticklabels=map(str, ticks), title="error at the data")
right.xaxis.minorticks_off()
right.legend()
save(figure, "karras_noise_levels")
