"""What the bound weighs the squared error in the noise with, along t.

The linear schedule from 1e-4 to 0.02 in 1000 steps; weights from the package: the divergence of an error of one. One
should see weights that fall from the second step to their minimum near t = 350, by a factor of 120 for σ² = β_tilde and
of 55 for β, where the simple loss has 1 everywhere, and the two choices of σ² together but at the start; at t = 1 the
weight of σ² = β_tilde is infinite. """

import numpy as np
from style import BLUE, GREY, RED, axes, save

from refdgm.diffusion.linear_schedule import alpha_products, linear_schedule
from refdgm.diffusion.variational_loss import variational_loss

beta = linear_schedule(np.array(1e-4), np.array(0.02), steps=1000)
before = alpha_products(beta)[0][:-1]                                     # of t − 1, for t = 2 … T
t, one, zero = np.arange(2, 1001), np.ones((999, 1)), np.zeros((999, 1))


def weight(variance: str) -> np.ndarray:
    """The loss of an error of one, less that of none."""
    return np.subtract(*(variational_loss(p, zero, beta[1:], before, variance=variance) for p in (one, zero)))


figure, [[plot]] = axes(width=4.6, height=2.9)
plot.loglog(t, weight("posterior"), color=BLUE, label="$\\sigma_t^2=\\tilde\\beta_t$ (infinite at $t=1$)")
plot.loglog(t, weight("beta"), "--", color=RED, label="$\\sigma_t^2=\\beta_t$")
plot.axhline(1, color=GREY)
plot.text(1000, 1.15, "simple loss", color=GREY, ha="right")
plot.plot(1, 1 / (2 * (1 - beta[0])), "o", color=RED, markersize=4, label="$L_0$, with $\\sigma_1^2=\\beta_1$")
plot.set(xlabel="step $t$", ylabel="weight of $\\Vert\\hat\\epsilon-\\varepsilon\\Vert^2$", ylim=(3e-3, 4))
plot.legend(loc="upper right", bbox_to_anchor=(1, 0.8))
save(figure, "variational_bound")
