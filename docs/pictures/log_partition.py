"""An energy with two wells, its law, and what it takes to know the number that makes it one.

E(x) = (x² − 2)² − x/2. Left: the energy and e^{−E}/Z. Right: the error of log Z against the number of nodes: the
trapezoid with its weights (blue), which soon has all digits; the same nodes without weights (red), off by the logarithm
of their distance; and importance sampling from N(0, 2²), whose error falls like N^−½ (green; the mean of 30).
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import log_partition

E = lambda x: (x**2 - 2) ** 2 - x / 2
x, width = np.linspace(-4, 4, 4001, retstep=True)
exact = log_partition(E(x)[None], np.full(4001, np.log(width)))[0]
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
seen = np.flatnonzero(abs(x) < 2.4)[::12]
left.plot(x[seen], E(x[seen]), color=GREY, label="$E$")
left.fill_between(x[seen], np.exp(-E(x[seen]) - exact), color=BLUE, alpha=0.3, lw=0)
left.plot(x[seen], np.exp(-E(x[seen]) - exact), color=BLUE, label="$e^{-E}/Z$")
left.set(xlabel="$x$", ylim=(-1.3, 7), title=rf"$\log Z={exact:.3f}$")
left.legend(loc="upper center", ncols=2)

counts, rng, found = np.array([8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024]), np.random.default_rng(1), []
for n in counts:
    nodes, h = np.linspace(-4, 4, n, retstep=True)
    with_weights = log_partition(E(nodes)[None], np.full(n, np.log(h)))[0] - exact
    without = log_partition(E(nodes)[None], np.zeros(n))[0] - exact
    drawn = 2 * rng.standard_normal((30, n))
    log_q = -(drawn**2) / 8 - np.log(2 * np.sqrt(2 * np.pi))
    sampled = log_partition(E(drawn) + log_q, np.full(n, -np.log(n))) - exact
    found.append((abs(with_weights), abs(without), np.mean(abs(sampled))))
found = np.array(found)
for column, colour, mark, label in ((1, RED, "s", "without weights"), (2, GREEN, "^", "importance sampling"),
                                    (0, BLUE, "o", "trapezoid")):
    right.loglog(counts, np.maximum(found[:, column], 1e-16), mark, ls="-", ms=3.5, color=colour, label=label)
right.loglog(counts, 1.5 * found[0, 2] * (counts / 8) ** -0.5, ":", color=INK, lw=0.8)
right.set(xlabel="nodes", title=r"error of $\log Z$", ylim=(3e-17, 3e3))
right.legend(fontsize=8, loc="center right")
save(figure, "log_partition")
