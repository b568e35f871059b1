"""A matching of sorted numbers, the area between two steps, and how fast samples come near their law.

Left: eight numbers and eight others, each carried to the one of its rank. Middle: the area between the two distribution
functions is the same distance, for batches of seven and four too. Right: the mean distance of N from N draws of one
law, against N: it falls like N^−½ (dotted) and is no zero.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import wasserstein_distance_1d

rng = np.random.default_rng(10)
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
x, y = rng.normal(0, 0.8, 8), rng.normal(1, 1.2, 8)
left.plot([np.sort(x), np.sort(y)], [0, -1], color=GREY, lw=1)
left.plot(x, 0 * x, "o", ms=5, color=BLUE)
left.plot(y, 0 * y - 1, "o", ms=5, color=RED)
left.set(ylim=(-1.4, 0.4), yticks=[], title=f"mean way {wasserstein_distance_1d(x, y):.2f}")
left.spines["left"].set_visible(False)

few, other = np.sort(rng.normal(0, 1, 7)), np.sort(rng.normal(0.7, 0.7, 4))
edges = np.sort(np.concatenate([few, other]))
below = [np.searchsorted(one, edges[:-1], side="right") / len(one) for one in (few, other)]
middle.fill_between(edges, *(np.append(one, 1) for one in below), step="post", color=GREY, alpha=0.4, lw=0)
for one, colour in ((few, BLUE), (other, RED)):
    middle.step([-2.5, *one, 2.5], [0, *np.arange(1, len(one) + 1) / len(one), 1], where="post", color=colour)
area = np.sum(abs(below[0] - below[1]) * np.diff(edges))
distance = wasserstein_distance_1d(few, other)
middle.set(xlim=(-2.2, 2.2), yticks=[0, 1], title=f"area {area:.3f}, distance {distance:.3f}")

counts = 2 ** np.arange(2, 13)
found = [np.mean([wasserstein_distance_1d(*rng.standard_normal((2, n))) for _ in range(60)]) for n in counts]
right.loglog(counts, found, "o-", ms=3.5, color=BLUE)
right.loglog(counts, 0.7 * found[0] * (counts[0] / counts) ** 0.5, ":", color=INK, lw=0.8)
right.set(xlabel="draws of each", title="two batches of N(0, 1)", xticks=(kept := [10, 100, 1000]),
          xticklabels=map(str, kept), yticks=(levels := [0.03, 0.1, 0.3]), yticklabels=map(str, levels))
right.minorticks_off()
save(figure, "wasserstein_distance_1d")
