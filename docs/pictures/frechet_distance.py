"""The map that carries one normal law to another, and what the distance is where there is no map to see.

Left: ellipses of N(0, Σ) and N(ν, Ω) and the ways of 24 points along the best map, whose mean squared length is d².
Middle: d² against the angle by which one of two equal ellipses is turned: zero again after half a turn, and for circles
always. Right, in float32: d² of two covariances of which one has a share ε more: the difference of traces (red), the
package's (blue), the value in float64 (line). One should see the difference of traces end in its rounding.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import frechet_distance

zero = np.zeros(2)


def turned(angle, long, short):
    q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (q * np.array([long, short]) ** 2) @ q.T


figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
p, q, nu = turned(0.5, 1.2, 0.4), turned(1.7, 0.9, 0.6), np.array([2.6, 0.4])
value, pullback = frechet_distance.vjp(zero, p, nu, q)
carried = np.eye(2) - pullback(np.array(1.0))["cov_p"]
ring = np.stack([np.cos(a := np.linspace(0, 2 * np.pi, 97)), np.sin(a)])
root = np.linalg.cholesky(p)
start = root @ ring
end = carried @ start + nu[:, None]
left.plot(*start, color=BLUE)
left.plot(*end, color=RED)
left.plot([start[0, ::4], end[0, ::4]], [start[1, ::4], end[1, ::4]], color=GREY, lw=0.7)
left.spines[["left", "bottom"]].set_visible(False)
left.set(aspect="equal", xticks=[], yticks=[], title=f"$d^2={value:.2f}$")

angles = np.linspace(0, np.pi, 91)
for long, short, colour in ((1.0, 1.0, INK), (1.0, 0.5, GREEN), (1.0, 0.1, RED)):
    base = turned(0, long, short)
    middle.plot(angles / np.pi * 180, [frechet_distance(zero, base, zero, turned(a, long, short)) for a in angles],
                color=colour, label=f"axes {long:g}, {short:g}")
middle.set(xlabel="degrees", xticks=[0, 90, 180], title="$d^2$ of a turned ellipse", ylim=(-0.1, 2.6))
middle.legend(fontsize=7.5)

rng = np.random.default_rng(5)
A = rng.standard_normal((16, 24))
base, extra = A @ A.T / 24, np.diag(np.linspace(0.2, 2, 16))
shares, zeros = np.geomspace(1e-5, 1, 26), np.zeros(16)
rows = []
for share in shares:
    one, other = base.astype(np.float32), (base + share * extra).astype(np.float32)
    true = frechet_distance(zeros, one.astype(float), zeros, other.astype(float))
    package = frechet_distance(zeros.astype(np.float32), one, zeros.astype(np.float32), other)
    eigen = np.linalg.eigvals(one @ other).real
    traces = np.trace(one) + np.trace(other) - 2 * np.sum(np.sqrt(np.maximum(eigen, 0)))
    rows.append((true, abs(package), abs(traces)))
rows = np.array(rows, float)
right.loglog(shares, rows[:, 0], color=INK, lw=0.8)
right.loglog(shares, np.where(rows[:, 2] > 0, rows[:, 2], np.nan), "s", ms=3.5, color=RED, label="by traces")
right.loglog(shares, rows[:, 1], "o", ms=3.5, color=BLUE, label="package")
right.set(xlabel=r"share $\epsilon$", title="$|d^2|$ in float32")
right.legend(handletextpad=0)
save(figure, "frechet_distance")
