"""What more draws do for the bound, and for the gradients that train either network.

p(z) = N(0, 1), p(x|z) = N(2z, 1) at x = 1, where log p(x) is known; the encoder has the posterior's mean, moved by
−0.3, and a variance that is too large by a factor (the posterior's is ⅕). Left: how far the mean of the bound is below
log p(x). Right: the mean over the deviation of one gradient, of the decoder's bias (solid) and of the encoder's
(dashed), for the factor 2. One should see the gap close like 1/R, the decoder's gradient become clearer and the
encoder's less so: it falls faster than its noise.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gaussian_log_density, importance_weighted_bound

x, decoder = np.array([[1.0]]), {"A": np.array([[2.0]]), "b": np.array([0.0])}
how = {"encoder": "linear", "decoder": "linear", "likelihood": "gaussian"}
evidence = gaussian_log_density(x, np.zeros((1, 1)), np.full((1, 1), np.log(5.0)))[0]
encoder = lambda factor: {"A": np.array([[0.4], [0.0]]), "b": np.array([-0.3, np.log(factor / 5)])}
counts = 2 ** np.arange(8)
rng = np.random.default_rng(0)

figure, [[left, right]] = axes(2, width=3.8, height=2.8)
for factor, colour, mark in ((0.5, GREEN, "o"), (2.0, BLUE, "s"), (8.0, RED, "^")):
    gaps = []
    for many in counts:
        eps = rng.standard_normal((max(2**17 // many, 16384), many, 1))
        found = importance_weighted_bound(np.tile(x, (len(eps), 1)), eps, encoder(factor), decoder, **how)
        gaps.append(evidence - np.mean(found))
    left.loglog(counts, gaps, marker=mark, ms=3.5, color=colour, label=f"variance × {factor:g}")
left.set_title(r"$\log p(x)$ less the bound")
left.legend()

clear = {"theta": [], "phi": []}
for many in counts:
    slopes = {name: [] for name in clear}
    for eps in rng.standard_normal((1500, 1, many, 1)):
        _, pullback = importance_weighted_bound.vjp(x, eps, encoder(2.0), decoder, **how)
        grads = pullback(np.ones(1))
        for name in clear:
            slopes[name].append(grads[name]["b"][0])
    for name, found in slopes.items():
        clear[name].append(abs(np.mean(found)) / np.std(found))
right.loglog(counts, clear["theta"], "o-", ms=3.5, color=INK, label="decoder")
right.loglog(counts, clear["phi"], "s--", ms=3.5, color=INK, label="encoder")
right.set_title("a gradient over its spread")
right.legend()
for axis in (left, right):
    axis.set(xlabel="draws $R$", xticks=[1, 4, 16, 64], xticklabels=["1", "4", "16", "64"])
    axis.xaxis.minorticks_off()
save(figure, "importance_weighted_bound")
