"""The denoising objective and the explicit one to the noised data, against the slope of a linear score.

Data N(0, 1), noise σ = ½, s = −a x_tilde. Lines: closed forms; marks: the package, averaged by Gauss–Hermite
quadrature. One should see two parabolas with the same least a = 1/(1 + σ²) and a distance that does not depend on a.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm.score.denoising_score_matching import denoising_score_matching

v, sigma = 1.0, 0.5
total = v + sigma**2
a = np.linspace(-0.2, 1.8, 201)
explicit = total * (a - 1 / total) ** 2 / 2
constant = v / (2 * sigma**2 * total)
nodes, weights = np.polynomial.hermite_e.hermegauss(8)
x, eps = (m.ravel()[:, None] for m in np.meshgrid(np.sqrt(v) * nodes, nodes))
weight = np.outer(weights, weights).ravel() / np.sum(weights) ** 2
marks = np.linspace(-0.2, 1.8, 11)
values = [weight @ denoising_score_matching(-m * (x + sigma * eps), eps, np.full(len(x), sigma)) for m in marks]

figure, [[plot]] = axes(width=4.2, height=2.9)
plot.plot(a, explicit + constant, color=BLUE)
plot.plot(marks, values, "o", color=BLUE, markersize=4)
plot.plot(a, explicit, color=RED)
plot.axvline(1 / total, color=GREY, linewidth=0.8, linestyle=":")
plot.annotate("", (1.2, np.interp(1.2, a, explicit)), (1.2, np.interp(1.2, a, explicit) + constant),
              arrowprops={"arrowstyle": "<->", "color": INK, "shrinkA": 0, "shrinkB": 0})
plot.text(1.23, 0.9, f"{constant:.1f}")
plot.text(0.0, 2.25, "denoising", color=BLUE)
plot.text(0.0, 0.7, "explicit, to $\\pi_\\sigma$", color=RED)
plot.set(xlabel="slope $a$ of the score $s=-a\\,\\tilde x$", ylabel="objective", ylim=(0, 2.7))
save(figure, "denoising_score_matching")
