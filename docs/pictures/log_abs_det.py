"""What a determinant does to an area and to a density, and where its own number leaves the format.

Left: the unit square and 200 points of it, and both under M with det M = −1.5: the area is 1.5 times as large, and the
density two thirds; the sign, which turned the square over, is lost. Right: log |det| of n × n matrices of normal
entries, in float32: the logarithm of the determinant (red) is infinite from n = 60 on, the package's (blue) goes on;
line: what is expected of it.
"""

import mpmath
import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import log_abs_det

rng = np.random.default_rng(2)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
M = np.array([[0.5, 1.5], [1.2, 0.6]])
square = np.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]], float)
points = rng.random((2, 200))
for shape, inside, colour in ((square, points, BLUE), (M @ square, M @ points, RED)):
    left.fill(*shape, color=colour, alpha=0.12, lw=0)
    left.plot(*shape, color=colour)
    left.plot(*inside, ".", ms=2, color=colour)
area = np.exp(log_abs_det(M[None])[0])
left.set(aspect="equal", xticks=[0, 1, 2], yticks=[0, 1, 2], title=f"an area of 1, and of {area:.2f}")

sizes = np.arange(4, 121, 4)
plain, package = [], []
for n in sizes:
    matrix = rng.standard_normal((n, n)).astype(np.float32)
    with np.errstate(over="ignore", divide="ignore"):
        plain.append(np.log(abs(np.float32(np.linalg.det(matrix)))))
    package.append(log_abs_det(matrix[None])[0])
lost = sizes[~np.isfinite(plain)][0]
right.axvspan(lost, sizes[-1], color=GREY, alpha=0.2, lw=0)
right.text((lost + sizes[-1]) / 2, 20, "the determinant\nis infinite", ha="center", fontsize=8, color=INK)
right.plot(sizes, package, "o", ms=4, color=BLUE, label="package")
right.plot(sizes, plain, "s", ms=2.5, color=RED, label=r"$\log|\det|$")
# the squared lengths that Gram and Schmidt divide by have independent χ² laws of n, n − 1, …, 1 degrees of freedom
half_logs = [float(mpmath.digamma(k / 2) + mpmath.log(2)) / 2 for k in range(1, 121)]
right.plot(sizes, [np.sum(half_logs[:n]) for n in sizes], color=INK, lw=0.8)
right.set(xlabel="rows $n$", title="of a matrix in float32")
right.legend(handletextpad=0)
save(figure, "log_abs_det")
