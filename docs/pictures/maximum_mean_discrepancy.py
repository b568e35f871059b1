"""What the width of the kernel lets one see: two laws that differ coarsely, and two that differ finely.

Against N(0, 1), of 400 points: its copy moved by ½ (blue), and N(0, 1) cut into a comb of spacing ½ (red). Left: the
three densities. Right: MMD² over its spread between two sets of N(0, 1) alone, against the width h; what is above the
band of two (grey) is noticed. One should see the move found best by wide kernels, the comb by narrow ones alone, and no
width best for both.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import maximum_mean_discrepancy

rng, n = np.random.default_rng(2), 400
normal = lambda: rng.standard_normal((n, 1))
comb = lambda: np.round(2 * normal()) / 2 + 0.03 * normal()
laws = {"moved by ½": (BLUE, lambda: normal() + 0.5), "a comb": (RED, comb)}
widths = np.geomspace(0.02, 10, 19)
figure, [[left, right]] = axes(2, width=3.8, height=2.8)
found = lambda x, y, h: maximum_mean_discrepancy(x, y, np.array(h), estimator="unbiased")
pairs = [(normal(), normal()) for _ in range(16)]
spread = np.array([np.std([found(x, y, h) for x, y in pairs]) for h in widths])
for name, (colour, law) in laws.items():
    drawn = [(normal(), law()) for _ in range(6)]
    seen = np.array([np.mean([found(x, y, h) for x, y in drawn]) for h in widths])
    right.loglog(widths, np.maximum(seen / spread, 0.1), color=colour, marker="o", ms=3.5, label=name)
    counts, edges = np.histogram(np.concatenate([law() for _ in range(40)]), 120, (-3.5, 3.5), density=True)
    left.stairs(counts, edges, color=colour, lw=1)
counts, edges = np.histogram(np.concatenate([normal() for _ in range(100)]), 60, (-3.5, 3.5), density=True)
left.stairs(counts, edges, color=INK, lw=1.2)
left.set(xlabel="$x$", yticks=[], title="the laws; black: $N(0, 1)$", ylim=(0, 2.2))
right.axhspan(0.1, 2, color=GREY, alpha=0.3, lw=0)
right.set(xlabel="width $h$", title="MMD² over its spread", ylim=(0.1, None))
right.legend()
save(figure, "maximum_mean_discrepancy")
