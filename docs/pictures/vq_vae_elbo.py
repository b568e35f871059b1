"""The best number of codes, and the steps that the bound has along an encoder's output.

One position, a decoder that gives back its code, data N(0, 4²) with noise of variance one. Left: J at x = 2.2 against
z, for four codes (ticks): flat but for steps half-way between codes, and below the exact log p(x) of the mixture
(dotted). Right: the means over 4000 data against the number of codes, which Lloyd's sweeps have placed: the likelihood
rises (green), log K is paid (J, blue), and the exact log-likelihood of the mixture stands above (black).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import log_sum_exp, vq_vae_elbo

theta = {"A": np.eye(1), "b": np.zeros(1)}
given = {"decoder": "linear", "likelihood": "gaussian"}


def exact(x, codes):
    """log 1/K Σ N(x; e_k, 1)"""
    return log_sum_exp(-((x - codes.T) ** 2) / 2) - np.log(2 * np.pi) / 2 - np.log(len(codes))


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
codes, x = np.array([[-4.0], [-1.0], [1.5], [4.5]]), np.array([[2.2]])
z = np.linspace(-6.5, 6.5, 1301)
J = [vq_vae_elbo(x, np.array([[[one]]]), codes, theta, **given)[0] for one in z]
steps = np.flatnonzero(np.diff(J)) + 1
left.plot(*(np.array(one)[np.sort([0, *steps, *(steps - 1), -1 % 1301])] for one in (z, J)), color=BLUE)
left.axhline(exact(x, codes)[0], color=INK, lw=0.8, ls=":")
left.plot(codes[:, 0], np.full(4, -24.0), "|", ms=12, color=RED)
left.set(xlabel="$z$", title="$J$ at $x=2.2$", ylim=(-25, 0))

rng = np.random.default_rng(2)
data = 4 * rng.standard_normal((4000, 1))
counts, found = np.arange(1, 17), []
for K in counts:
    codes = np.quantile(data, (np.arange(K) + 0.5) / K)[:, None]
    for _ in range(60):
        nearest = np.argmin(abs(data - codes.T), axis=1)
        codes = np.array([[np.mean(data[nearest == k])] for k in range(K)])
    J = np.mean(vq_vae_elbo(data, data[:, None], codes, theta, **given))
    found.append((J + np.log(K), J, np.mean(exact(data, codes))))
found = np.array(found)
for column, colour, mark, label in ((0, GREEN, "^", r"$\log p(x\,|\,q)$"), (2, INK, ".", r"$\log p(x)$"),
                                    (1, BLUE, "o", "$J$")):
    right.plot(counts, found[:, column], mark, ls="-", ms=4, lw=1.1, color=colour, label=label)
best = np.argmax(found[:, 1])
right.plot(counts[best], found[best, 1], "o", ms=8, mfc="none", mec=RED, mew=1.2)
right.set(xlabel="codes $K$", title="means over the data", ylim=(-5.2, -0.6), xticks=[1, 5, 10, 15])
right.legend(loc="center right", bbox_to_anchor=(1, 0.71))
save(figure, "vq_vae_elbo")
