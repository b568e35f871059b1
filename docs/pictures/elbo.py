"""What the bound lacks of log p(x): the divergence from the posterior, for every posterior that is offered.

A linear decoder of one latent, p(x | z) = N(x; wz, I) in three dimensions, so that log p(x) and the posterior are
closed. Left: the bound against the mean of q, for three deviations of q; the dotted line is log p(x). Right: the bound
less log p(x), 4000 draws (marks), against minus the divergence (lines), along the deviation of q at the right mean. One
should see the dotted line reached at one point alone, and a q too wide cost more than one as much too narrow.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import elbo, gaussian_kl_between

w, x = np.array([1.2, -0.7, 0.5]), np.array([[1.5, -0.2, 0.9]])
precision = 1 + w @ w
mean, deviation = (x @ w)[0] / precision, precision**-0.5
cov = np.eye(3) + np.outer(w, w)
evidence = -0.5 * (x[0] @ np.linalg.solve(cov, x[0]) + np.linalg.slogdet(cov)[1] + 3 * np.log(2 * np.pi))
theta = {"A": w[:, None], "b": np.zeros(3)}
eps = np.random.default_rng(4).standard_normal((1, 4000, 1))


def bound(at: float, std: float) -> float:
    """An encoder that says N(at, std²) whatever it is given."""
    phi = {"A": np.zeros((2, 3)), "b": np.array([at, 2 * np.log(std)])}
    return elbo(x, eps, np.array(1.0), phi, theta, encoder="linear", decoder="linear", likelihood="gaussian")[0]


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
for std, colour, label in ((0.5 * deviation, RED, "half"), (deviation, BLUE, "as the posterior's"),
                           (2 * deviation, GREEN, "twice")):
    at = np.linspace(mean - 1.1, mean + 1.1, 45)
    left.plot(at, [bound(m, std) for m in at], color=colour, label=label)
left.axhline(evidence, color=INK, lw=0.8, ls=":")
left.set(xlabel="mean of $q$", title="the bound, and $\\log p(x)$ (dotted)", ylim=(evidence - 2.2, evidence + 0.1))
left.legend(title="deviation of $q$", fontsize=7.5, title_fontsize=7.5, loc="lower center")

ratios = np.geomspace(0.25, 4, 33)
gaps = [-gaussian_kl_between(*(np.array([[v]]) for v in (mean, 2 * np.log(r * deviation), mean, 2 * np.log(deviation)))
                             )[0] for r in ratios]
right.semilogx(ratios, gaps, color=BLUE)
right.semilogx(ratios[::4], [bound(mean, r * deviation) - evidence for r in ratios[::4]], "o", ms=4, color=INK)
right.axhline(0, color=INK, lw=0.8, ls=":")
right.set(xlabel="deviation of $q$ over the posterior's", title=r"bound less $\log p(x)$",
          xticks=(kept := [0.25, 0.5, 1, 2, 4]), xticklabels=map(str, kept))
right.minorticks_off()
save(figure, "elbo")
