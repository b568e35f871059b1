"""Two distances of two sets of samples that have one and the same law, where the right answer is zero.

Features N(0, I) in 8, 32 and 96 dimensions, both sets of n points, drawn anew for every mark. Left: the Fréchet
distance. One should see it fall like 1/n (dotted), from a height that grows with the square of the dimension: numbers
at unequal n are no comparison. Right: the kernel distance, without a bias: one should see it lie about zero on both
sides, closer to it as n grows.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import frechet_inception_distance, kernel_inception_distance

counts, times = [128, 256, 512, 1024], 6
figure, [[left, right]] = axes(2, width=3.8, height=2.8)
for dimensions, colour, mark, beside in ((8, BLUE, "o", 0.93), (32, GREEN, "s", 1.0), (96, RED, "^", 1.07)):
    rng = np.random.default_rng(1)
    batches = [rng.standard_normal((2, n, dimensions)) for n in np.repeat(counts, times)]
    at = beside * np.repeat(counts, times)
    frechet = np.array([frechet_inception_distance(*pair) for pair in batches])
    left.loglog(at, frechet, mark, ms=3.5, color=colour, fillstyle="none", mew=0.8, label=f"$D={dimensions}$")
    left.loglog(counts, np.mean(frechet[-times:]) * counts[-1] / np.array(counts), ":", color=colour, lw=1)
    right.semilogx(at, [kernel_inception_distance(*pair) for pair in batches], mark, ms=3.5, color=colour,
                   fillstyle="none", mew=0.8)
right.axhline(0, color=INK, lw=0.7)
for axis, title in ((left, "Fréchet distance"), (right, "kernel distance")):
    axis.set(xlabel="points in each set", xticks=counts, xticklabels=map(str, counts), title=title)
    axis.xaxis.minorticks_off()
left.legend()
save(figure, "frechet_inception_distance")
