"""An estimate without a bias: where it lies when there is nothing to find, and when there is.

Features of 16 components. Left: the estimate from two batches of one law, 500 times, with 32 and with 256 in each, and
the same with every sample its own pair (red): one should see the first around zero, half of them below. Right: normal
laws δ apart in every component: the distance of the laws, closed (line), and 20 estimates from 200 (marks: mean; bars:
a deviation).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import kernel_inception_distance

D, rng = 16, np.random.default_rng(8)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
bins = np.linspace(-0.3, 0.9, 97)
for n, colour in ((32, BLUE), (256, GREEN)):
    values, own = [], []
    for _ in range(500):
        x, y = rng.standard_normal((2, n, D))
        values.append(kernel_inception_distance(x, y))
        with_own = 0.0
        for one in (x, y):
            kernel = (one @ one.T / D + 1) ** 3
            with_own += np.sum(kernel) / n**2 - (np.sum(kernel) - np.trace(kernel)) / (n * (n - 1))
        own.append(values[-1] + with_own)
    left.hist(values, bins, density=True, histtype="step", lw=1.2, color=colour, label=f"{n} in each")
    if n == 32:
        left.hist(own, bins, density=True, histtype="step", lw=1.2, color=RED, label="32, with own pairs")
left.axvline(0, color=INK, lw=0.8, ls=":")
left.set(xlabel="estimate", yticks=[], title="two batches of one law", ylim=(0, 20), xlim=(-0.3, 0.85))
left.spines["left"].set_visible(False)
left.legend(fontsize=8)


def closed(shift):
    """Of N(0, I) and N(shift, I): the moments of a product of two independent vectors, over D."""
    def mean(a, b):  # E (⟨x, y⟩/D + 1)³ of x with the mean a in every component, y with b
        m, second = a * b, (1 + a * a) * (1 + b * b)
        third = (a**3 + 3 * a) * (b**3 + 3 * b)
        s1, s2 = D * m, D * second + D * (D - 1) * m * m
        s3 = D * third + 3 * D * (D - 1) * second * m + D * (D - 1) * (D - 2) * m**3
        return s3 / D**3 + 3 * s2 / D**2 + 3 * s1 / D + 1
    return mean(0, 0) + mean(shift, shift) - 2 * mean(0, shift)


shifts = np.linspace(0, 0.5, 11)
fine = np.linspace(0, 0.5, 101)
right.plot(fine, [closed(d) for d in fine], color=BLUE)
for d in shifts:
    values = [kernel_inception_distance(*(rng.standard_normal((2, 200, D)) + np.array([0, d])[:, None, None]))
              for _ in range(20)]
    right.errorbar(d, np.mean(values), yerr=np.std(values), fmt="o", ms=3.5, color=INK, elinewidth=0.8, capsize=2)
right.set(xlabel=r"shift $\delta$ of every component", title="two laws")
save(figure, "kernel_inception_distance")
