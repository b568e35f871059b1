"""Sweeps of the mean field: the bound that they raise, and both layers at once, which swing.

A machine of six visible, five and four hidden units, small enough that log p(v) is exact. Left: log p(v) less the bound
against the sweeps from four starts, at two sizes of the weights. One should see every sweep take something, and gaps
that stay: at large weights two of them, by the start. Right: the first of the upper means, layer after layer by the
package (blue) and both at once from the old means (red), at large weights that say no to one another.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm import dbm_bound, dbm_log_likelihood, dbm_mean_field

sizes, sweeps = (6, 5, 4), 12
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
for scale, colour in ((1.0, BLUE), (3.0, RED)):
    rng = np.random.default_rng(7)
    W1, W2 = scale * rng.standard_normal((5, 6)), scale * rng.standard_normal((4, 5))
    b, c1, c2 = (rng.standard_normal(n) for n in sizes)
    v = rng.integers(0, 2, (1, 6)).astype(float)
    exact = dbm_log_likelihood(v, W1, W2, b, c1, c2)
    for number, start in enumerate(rng.random((4, 1, 4))):
        gaps = []
        for n in range(1, sweeps + 1):
            means = dbm_mean_field(v, start, W1, W2, c1, c2, iterations=n)
            gaps.append((exact - dbm_bound(v, *means, W1, W2, b, c1, c2))[0])
        left.semilogy(range(1, sweeps + 1), gaps, color=colour, lw=1.1, label="" if number else f"weights of {scale:g}")
left.set(xlabel="sweeps", title=r"$\log p(v)$ less the bound", yticks=(kept := [0.3, 1, 3]), yticklabels=map(str, kept))
left.minorticks_off()
left.legend()

sigmoid = lambda a: 1 / (1 + np.exp(-a))
W1, W2, c1, c2, v = np.zeros((4, 1)), np.full((4, 4), -2.0), np.full(4, 3.0), np.full(4, 3.0), np.zeros((1, 1))
start = np.full((1, 4), 0.3)
after = [start[0, 0]] + [dbm_mean_field(v, start, W1, W2, c1, c2, iterations=n)[1][0, 0] for n in range(1, sweeps + 1)]
lower, upper, swung = np.full((1, 4), 0.3), start, [0.3]
for _ in range(sweeps):
    lower, upper = sigmoid(upper @ W2 + c1), sigmoid(lower @ W2.T + c2)
    swung.append(upper[0, 0])
right.plot(swung, "s-", ms=3, lw=1, color=RED, label="both at once")
right.plot(after, "o-", ms=3, lw=1, color=BLUE, label="one after the other")
right.set(xlabel="sweeps", title="a mean of the upper layer", ylim=(-0.05, 1.25))
right.legend(loc="upper right", ncols=2, fontsize=7.5)
save(figure, "dbm_mean_field")
