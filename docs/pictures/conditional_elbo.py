"""What a prior that sees the condition is worth, and where the bound is tight.

One latent, z | y ~ N(1.5y, 0.5²) and x | z ~ N(z, 1), so that everything is closed. Left: log p(x | y) less the bound
at x = 1 against the mean of the encoder's law, whose deviation is the posterior's, by 4000 draws: for every condition
it is zero at another place. Right: the mean of log p(x | y) over the data of a condition (blue) and what a model can
have whose prior is N(0, 1.58²) for all conditions, as wide as they are together (red).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import conditional_elbo, gaussian_kl_between, gaussian_log_density

slope, spread = 1.5, 0.5
psi = {"A": np.array([[slope], [0.0]]), "b": np.array([0.0, 2 * np.log(spread)])}
theta = {"A": np.array([[1.0, 0.0]]), "b": np.zeros(1)}                  # reads the latent and the condition
eps = np.random.default_rng(3).standard_normal((1, 4000, 1))
one = np.ones((1, 1))


def bound(x, y, mean, deviation):
    phi = {"A": np.zeros((2, 2)), "b": np.array([mean, 2 * np.log(deviation)])}
    return conditional_elbo(x * one, y * one, eps, phi, theta, psi, encoder="linear", decoder="linear", prior="linear",
                            likelihood="gaussian")[0]


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
x, means = 1.0, np.linspace(-2, 2, 41)
posterior = (1 / spread**2 + 1) ** -0.5
for y, colour in ((-1.0, BLUE), (0.0, GREEN), (1.0, RED)):
    exact = gaussian_log_density(x * one, slope * y * one, np.log(spread**2 + 1) * one)[0]
    left.plot(means, [exact - bound(x, y, m, posterior) for m in means], color=colour)
    best = posterior**2 * (slope * y / spread**2 + x)
    left.plot(best, exact - bound(x, y, best, posterior), "o", ms=4, color=INK)
    left.text(best, -0.35, f"$y={y:g}$", ha="center", va="top", fontsize=8, color=colour)
left.axhline(0, color=INK, lw=0.8, ls=":")
left.set(xlabel="mean of $q$", title=r"$\log p(x\,|\,y)$ less the bound", ylim=(-1, 6))

y = np.linspace(-2.5, 2.5, 101)[:, None]
inner, outer = np.log(spread**2 + 1), np.log(slope**2 + spread**2 + 1)
own = -0.5 * (np.log(2 * np.pi) + inner + 1) + 0 * y[:, 0]
lost = gaussian_kl_between(slope * y, inner + 0 * y, 0 * y, outer + 0 * y)
right.plot(y, own, color=BLUE, label="prior that sees $y$")
right.plot(y, own - lost, color=RED, label="one prior for all")
right.fill_between(y[:, 0], own - lost, own, color=RED, alpha=0.12, lw=0)
right.set(xlabel="condition $y$", title=r"mean of $\log p(x\,|\,y)$", ylim=(-4, -1.2))
right.legend(loc="lower center", fontsize=8)
save(figure, "conditional_elbo")
