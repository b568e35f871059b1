"""What a scale of zero hides, and how the slope in the scale grows with the number of positions.

Left: the relative error of x_bar with h = γ ∘ y_bar (red) and with h = y_bar (green) in place of (1 + γ) ∘ y_bar,
against the size of γ. Right: the length of γ_bar against the number of positions, for normal cotangents and those
along n. One should see the red line at one on the left end, the green one fall with γ; and slopes of ½ and 1.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import adaln_modulation

rng = np.random.default_rng(0)
figure, [[left, right]] = axes(2, height=2.6)
eps, many = np.asarray(1e-6), 64
x, bar, gamma = rng.normal(size=(1, 8, many)), rng.normal(size=(1, 8, many)), rng.normal(size=(1, many))
gamma /= np.sqrt(np.mean(gamma**2))


def x_bar(scale):
    return adaln_modulation.vjp(x, 0 * scale, scale, eps)[1](bar)["x"]


sizes = 10.0 ** np.linspace(-3, 1, 41)
forgotten, ignored = [], []
for size in sizes:
    want = x_bar(size * gamma)
    length = np.linalg.norm(want)
    forgotten.append(np.linalg.norm(x_bar(size * gamma - 1) - want) / length)
    ignored.append(np.linalg.norm(x_bar(0 * gamma) - want) / length)
left.loglog(sizes, forgotten, color=RED, label="one forgotten")
left.loglog(sizes, ignored, color=GREEN, label="scale forgotten")
left.set(xlabel="size of γ", title="relative error of $\\bar{x}$")
left.legend(fontsize=8)

counts = 2 ** np.arange(11)
free, along = [], []
for count in counts:
    vectors = rng.normal(size=(1, count, many))
    n, pullback = adaln_modulation.vjp(vectors, 0 * gamma, 0 * gamma, eps)
    free.append(np.linalg.norm(pullback(rng.normal(size=vectors.shape))["scale"]))
    along.append(np.linalg.norm(pullback(n)["scale"]))
right.loglog(counts, free, ".-", color=BLUE, label="normal cotangents")
right.loglog(counts, along, ".-", color=GREY, label="cotangents of n")
right.set(xlabel="positions", title="length of $\\bar{\\gamma}$")
right.legend(fontsize=8)
save(figure, "adaln_modulation")
tenth = sizes[np.argmax(np.array(ignored) > 0.1)]
slopes = [np.polyfit(np.log(counts), np.log(lengths), 1)[0] for lengths in (free, along)]
print(f"a tenth is lost from γ of {tenth:.2g} on; slopes {slopes[0]:.2f} and {slopes[1]:.2f}")
