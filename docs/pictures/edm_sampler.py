"""Where the levels lie, and what a second slope is worth.

Left: ten levels from 80 to 0.002, of Karras et al. with three ρ and with equal factors; ρ = 1 hardly looks at small
noise. Right: root mean square of the error of the end against evaluations of the denoiser, for 64 starts that sample a
mixture of two Gaussians with its exact denoiser, ρ = 7; the reference has 300 levels. One should see slopes −1 and −2.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.diffusion.edm_sampler import edm_sampler
from refdgm.diffusion.karras_noise_levels import geometric_noise_levels, karras_noise_levels
from refdgm.nets.field import Field
from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser

ends, seven = (np.array(0.002), np.array(80.0)), np.array(7.0)
law = {"logits": np.log([0.4, 0.6]), "means": np.array([[-0.6], [0.5]]), "factors": np.array([[[0.15]], [[0.1]]])}


def vjp(x, sigma, theta):
    return gaussian_mixture_denoiser.body(x, *theta.values(), np.array(1.0), sigma)


denoiser = Field("mixture denoiser", ("z", "t"), lambda x, t, theta: vjp(x, t, theta)[0], vjp)
start = 80 * np.random.default_rng(1).standard_normal((64, 1))


def heun(levels: int) -> np.ndarray:
    sigmas = karras_noise_levels(*ends, seven, steps=levels)
    return edm_sampler(start, np.zeros((64, levels, 1)), sigmas, np.zeros(levels), np.array(1.0), law,
                       denoiser=denoiser)


def euler(levels: int) -> np.ndarray:
    """The same step, told that the second prediction is the first."""
    x, sigmas = start, karras_noise_levels(*ends, seven, steps=levels)
    for sigma, then in pairwise(sigmas):
        said = vjp(x, sigma, law)[0]
        x = edm_heun_step(x, said, said, np.full(64, sigma), np.full(64, then))
    return vjp(x, sigmas[-1], law)[0]


figure, [[left, right]] = axes(2, width=3.6, height=2.7)
rows = [(karras_noise_levels(*ends, np.array(rho), steps=10), label, colour) for rho, label, colour in [
    (1.0, "$\\rho=1$", GREY), (3.0, "$\\rho=3$", GREEN), (7.0, "$\\rho=7$", BLUE)]]
rows.append((geometric_noise_levels(*ends, steps=10), "$\\rho\\to\\infty$", RED))
for y, (levels, _, colour) in enumerate(rows):
    left.semilogx(levels, np.full(10, y), "-", color=colour, lw=0.8, marker="o", ms=4)
left.set(xlabel="$\\sigma$", yticks=range(4), yticklabels=[label for _, label, _ in rows], ylim=(-0.5, 3.5),
         title="ten levels")
left.invert_xaxis()
exact = heun(300)
wrong = lambda x: np.sqrt(np.mean((x - exact) ** 2))
counts = np.array([6, 9, 13, 18, 26, 36, 52, 72])
methods = [(euler, counts, RED, "s", "Euler"), (heun, 2 * counts - 1, BLUE, "o", "Heun")]
for solve, calls, colour, mark, label in methods:
    right.loglog(calls, [wrong(solve(int(n))) for n in counts], "-", color=colour, marker=mark, ms=3.5, label=label)
right.set(xlabel="evaluations of the denoiser", ylabel="error of the end", xticks=[6, 12, 25, 50, 100],
          xticklabels=["6", "12", "25", "50", "100"])
right.minorticks_off()
right.legend()
save(figure, "edm_sampler")
