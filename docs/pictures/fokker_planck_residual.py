"""Five terms that add up to nothing, and what they add up to when one of them is wrong.

vp with β from 0.1 to 20 on a mixture of two Gaussians at t = 0.2, where everything is closed but ∂_t log p, a central
difference. Left: the terms along x and their sum, the residual (black). Right: the residual with g for g², with a score
of a time 0.02 later, and with the drift's divergence forgotten. One should see terms of up to 27 that cancel to 1e-7,
and wrong ones that leave something nearly everywhere.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import (
    fokker_planck_residual,
    gaussian_mixture_hessian,
    gaussian_mixture_log_density,
    gaussian_mixture_score,
    perturbation_kernel,
    sde_coefficients,
)

law = (np.log([0.4, 0.6]), np.array([[-1.2], [1.0]]), np.array([[[0.3]], [[0.25]]]))
ends, t, step = (np.array(0.1), np.array(20.0)), 0.2, 1e-5
x = np.linspace(-2.2, 2.2, 221)[:, None]
every = np.ones(len(x))


def noised(time):
    scale, std = perturbation_kernel(np.array([time]), *ends, process="vp")
    return (*law, scale[0], std[0])


def fields(time):
    """∂_t log p, s and its divergence."""
    ahead, behind = (gaussian_mixture_log_density(x, *noised(time + d)) for d in (step, -step))
    hessian = gaussian_mixture_hessian(x, *noised(time))
    return (ahead - behind) / (2 * step), gaussian_mixture_score(x, *noised(time)), hessian.reshape(-1)


slope, diffusion = (one[0] for one in sde_coefficients(np.array([t]), *ends, process="vp"))
rate, s, ds = fields(t)
f, df = slope * x, slope * every
exact = fokker_planck_residual(rate, f, df, s, ds, diffusion * every)
figure, [[left, right]] = axes(2, width=3.6, height=2.7)
terms = ((rate, RED, r"$\partial_t\log p$"), (df, GREY, r"$\nabla\cdot f$"), (f[:, 0] * s[:, 0], GREEN, r"$fs$"),
         (-(diffusion**2) / 2 * ds, BLUE, r"$-\frac{1}{2}g^2\nabla\cdot s$"),
         (-(diffusion**2) / 2 * s[:, 0] ** 2, "#c98a1b", r"$-\frac{1}{2}g^2s^2$"))
for values, colour, label in terms:
    left.plot(x, values, color=colour, lw=1.2, label=label)
left.plot(x, exact, color=INK, lw=2, label="sum")
left.set(xlabel="$x$", title="terms and their sum", ylim=(-32, 32))
left.legend(fontsize=7, ncols=2, loc="lower center")
_, later, dlater = fields(t + 0.02)
wrong = ((fokker_planck_residual(rate, f, df, s, ds, np.sqrt(diffusion) * every), RED, "$g$ for $g^2$"),
         (fokker_planck_residual(rate, f, df, later, dlater, diffusion * every), BLUE, "score of $t+0.02$"),
         (fokker_planck_residual(rate, f, 0 * df, s, ds, diffusion * every), GREEN, r"without $\nabla\cdot f$"))
for values, colour, label in wrong:
    right.semilogy(x, abs(values), color=colour, lw=1.2, label=label)
right.semilogy(x, abs(exact), color=INK, lw=1.2, label="right")
right.set(xlabel="$x$", title="$|r|$", ylim=(1e-10, 1e5))
right.legend(fontsize=7.5, ncols=2, loc="upper center")
save(figure, "fokker_planck_residual")
