"""A likelihood that can be had, beside the one that cannot: neither bounds the other, and ascent parts them in the end.

Machines of eight visible and three hidden units, small enough for the likelihood itself. Left: both, for 40 states of
each of six machines, whose weights grow from 0.3 (light) to 3 (dark); dotted: equality. One should see points on both
sides. Right: both along 2000 steps of ascent by the pseudo-likelihood on twelve data, and the likelihood by its own
gradient (dashed).
"""

import numpy as np
from style import BLUE, INK, RED, axes, plt, save

from refdgm import rbm_gibbs_chain, rbm_log_likelihood, rbm_pseudo_log_likelihood

D, H = 8, 3
rng = np.random.default_rng(14)
figure, [[left, right]] = axes(2, width=3.5, height=2.8)
for size, shade in zip(np.geomspace(0.3, 3, 6), plt.get_cmap("Blues")(np.linspace(0.3, 1, 6)), strict=True):
    W, b, c = size * rng.standard_normal((H, D)), rng.standard_normal(D), np.zeros(H)
    u = rng.random((40, 60, H)), rng.random((40, 60, D))
    v = rbm_gibbs_chain(rng.integers(0, 2, (40, D)).astype(float), W, b, c, *u)[1][:, -1].astype(float)
    log_p, J = rbm_log_likelihood(v, W, b, c), rbm_pseudo_log_likelihood(v, W, b, c)
    left.plot(log_p, J, "o", ms=3, color=shade)
left.plot([-12, 0], [-12, 0], ":", color=INK, lw=0.8)
left.set(xlabel=r"$\log p(v)$", ylabel="$J$", title="states of six machines", xlim=(-9, 0), ylim=(-9, 0))

data = (rng.random((12, 2))[:, np.arange(D) % 2] < 0.5).astype(float)
data = abs(data - (rng.random((12, D)) < 0.1))
for by in (rbm_pseudo_log_likelihood, rbm_log_likelihood):
    start = np.random.default_rng(2)
    W, b, c, both = 0.1 * start.standard_normal((H, D)), np.zeros(D), np.zeros(H), []
    for _ in range(2000):
        grads = by.vjp(data, W, b, c)[1](np.full(12, 1 / 12))
        both.append([np.mean(one(data, W, b, c)) for one in (rbm_pseudo_log_likelihood, rbm_log_likelihood)])
        W, b, c = W + 0.2 * grads["W"], b + 0.2 * grads["b"], c + 0.2 * grads["c"]
    J, log_p = np.array(both).T
    if by is rbm_pseudo_log_likelihood:
        right.plot(J, color=BLUE, label="$J$, ascended")
        right.plot(log_p, color=RED, label=r"$\log p$ meanwhile")
    else:
        right.plot(log_p, "--", color=INK, lw=1, label=r"$\log p$, ascended")
right.set(xlabel="steps", title="means over twelve data")
right.legend(loc="lower right")
save(figure, "rbm_pseudo_log_likelihood")
