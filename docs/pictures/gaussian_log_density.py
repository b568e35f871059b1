"""What a variance is worth, and where in many dimensions the draws of a normal law are.

Left: log N(x; μ, σ²) against σ for three residuals: each is best at σ = |x − μ| (dots), too small a σ costs without a
limit and too large a one only a logarithm. Right: the log-density of 20000 draws of N(0, I), by dimension: it is around
−1.419 (dashed), minus the entropy, closer the more dimensions, and the density's own maximum of −0.919 (dotted) is
where no draw is.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gaussian_log_density

figure, [[left, right]] = axes(2, width=3.5, height=2.7)
sigma = np.geomspace(0.03, 30, 241)
column = sigma[:, None]
for residual, colour in ((0.1, BLUE), (1.0, GREEN), (5.0, RED)):
    at = lambda s, residual=residual: gaussian_log_density(np.full_like(s, residual), np.zeros_like(s), 2 * np.log(s))
    left.semilogx(sigma, at(column), color=colour, label=f"residual {residual:g}")
    left.plot(residual, at(np.array([[residual]]))[0], "o", ms=4, color=INK)
left.set(xlabel=r"$\sigma$", title="log-density", ylim=(-8, 2.5), xticks=(kept := [0.1, 1, 10]),
         xticklabels=map(str, kept))
left.legend(loc="lower right", fontsize=8)

rng = np.random.default_rng(5)
for D, colour in ((4, RED), (40, GREEN), (400, BLUE)):
    x = rng.standard_normal((20000, D))
    each = gaussian_log_density(x, np.zeros_like(x), np.zeros_like(x)) / D
    bins = np.linspace(-2.6, -0.8, 181)
    right.hist(each, bins, density=True, histtype="step", lw=1.2, color=colour, label=f"$D={D}$")
right.axvline(-np.log(2 * np.pi) / 2, color=INK, lw=0.8, ls=":")
right.axvline(-np.log(2 * np.pi * np.e) / 2, color=INK, lw=0.8, ls="--")
right.set(xlabel=r"$\log\mathcal{N}(x;0,I)/D$", yscale="log", ylim=(0.02, 100), title="draws of the law itself",
          xticks=[-2.5, -2, -1.5, -1])
right.legend(fontsize=8, loc="upper left")
save(figure, "gaussian_log_density")
