"""What the distance sees of a shift, and what the pairs of a point with itself add to it.

Left: two normal laws δ apart: the distance of their laws, closed (line), and of two batches of 400 draws (marks); it
begins like δ² and ends like 2δ. Right: two batches of one law in five dimensions, 200 times: the mean of the distance
(blue) is above zero by what falls like 1/N (dotted); without the diagonals (red) it is zero, and single ones (bars: a
deviation) lie on both sides.
"""

import numpy as np
from mpmath import erf
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import energy_distance

figure, [[left, right]] = axes(2, width=3.5, height=2.7)
rng = np.random.default_rng(4)
absolute = lambda m: 2 / np.sqrt(np.pi) * np.exp(-(m**2) / 4) + m * float(erf(m / 2))     # E|N(m, 2)|
shifts = np.linspace(0, 4, 81)
left.plot(shifts, [2 * absolute(d) - 2 * absolute(0) for d in shifts], color=BLUE)
few = np.linspace(0, 4, 17)
drawn = [energy_distance(*(rng.standard_normal((2, 400, 1)) + np.array([0, d])[:, None, None])) for d in few]
left.plot(few, drawn, "o", ms=3.5, color=INK)
left.plot(shifts, 2 * shifts - 4 / np.sqrt(np.pi), "--", color=GREY, lw=0.9)
left.set(xlabel=r"shift $\delta$", title="distance of two normal laws", ylim=(-0.2, 6))

counts, found = 2 ** np.arange(2, 9), []
for n in counts:
    rows = []
    for _ in range(200 if n < 200 else 60):
        x, y = rng.standard_normal((2, n, 5))
        own = [np.sum(np.linalg.norm(one[:, None] - one[None], axis=2)) for one in (x, y)]
        whole = energy_distance(x, y)
        rows.append((whole, whole + sum(own) / n**2 - sum(own) / (n * (n - 1))))
    found.append((*np.mean(rows, axis=0), *np.std(rows, axis=0)))
found = np.array(found)
right.semilogx(counts, found[:, 0], "o-", ms=3.5, color=BLUE, label="all pairs")
right.errorbar(counts, found[:, 1], yerr=found[:, 3], fmt="s", ms=3.5, color=RED, elinewidth=0.8, capsize=2,
               label="without the diagonals")
right.plot(counts, found[0, 0] * counts[0] / counts, ":", color=INK, lw=0.8)
right.set(xlabel="draws of each", title="two batches of one law", xticks=counts, xticklabels=map(str, counts))
right.minorticks_off()
right.legend()
save(figure, "energy_distance")
