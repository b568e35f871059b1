"""Two ways to the slope of an expectation, and how much their draws scatter.

The slope of E (z − 1)² in the mean μ of z ~ N(μ, σ²), which is 2(μ − 1). Left: draws of one ε at three settings: z
moves with μ and is stretched by σ. Middle: 20000 single-draw estimates at μ = 0, σ = 1, along the path (blue, by the
package's pullback) and by the score (red); both have the mean −2 (dotted). Right: their deviations against σ. One
should see that of the path shrink with σ, that of the score grow without a limit where σ is small.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gaussian_reparameterization

rng = np.random.default_rng(7)
eps = rng.standard_normal((20000, 1))


def estimates(mu, sigma):
    """Of every draw: by the path, and by the score."""
    mean, logvar = np.full_like(eps, mu), np.full_like(eps, 2 * np.log(sigma))
    z, pullback = gaussian_reparameterization.vjp(mean, logvar, eps)
    return pullback(2 * (z - 1))["mean"][:, 0], ((z - 1) ** 2 * eps / sigma)[:, 0]


figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
few = np.linspace(-1.8, 1.8, 13)[:, None]
for row, (mu, sigma, colour) in enumerate(((0.0, 1.0, INK), (1.5, 1.0, BLUE), (1.5, 0.4, GREEN))):
    z = gaussian_reparameterization(np.full_like(few, mu), np.full_like(few, 2 * np.log(sigma)), few)
    left.plot(z, np.full(13, -row), "o", ms=4, color=colour)
    left.text(-2, -row + 0.25, rf"$\mu={mu:g},\ \sigma={sigma:g}$", fontsize=8)
    if row < 2:
        after = 1.5 + (1.0, 0.4)[row] * few[:, 0]
        left.plot([z[:, 0], after], [-row, -row - 1], color="#cccccc", lw=0.7, zorder=0)
left.set(ylim=(-2.4, 0.6), yticks=[], xlabel="$z$", title=r"the same $\varepsilon$, carried along")
left.spines["left"].set_visible(False)

path, score = estimates(0.0, 1.0)
for values, colour, label in ((score, RED, "score"), (path, BLUE, "path")):
    middle.hist(values, np.linspace(-20, 12, 81), density=True, histtype="step", lw=1.2, color=colour, label=label)
middle.axvline(-2, color=INK, lw=0.8, ls=":")
middle.set(xlabel="one estimate", yticks=[], title="slopes by single draws")
middle.spines["left"].set_visible(False)
middle.legend(loc="upper left")
sigmas = np.geomspace(0.05, 3, 25)
spread = np.array([[np.std(one) for one in estimates(0.0, sigma)] for sigma in sigmas])
right.loglog(sigmas, spread[:, 1], color=RED, label="score")
right.loglog(sigmas, spread[:, 0], color=BLUE, label="path")
right.set(xlabel=r"$\sigma$", title="deviation of a draw", xticks=(kept := [0.1, 1]), xticklabels=map(str, kept))
save(figure, "gaussian_reparameterization")
