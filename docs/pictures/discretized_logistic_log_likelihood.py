"""The mass of a bin: a law with open ends, and where the difference of two sigmoids has nothing left.

256 levels in [−1, 1]. Left: the masses of all bins for a mean of 0.8 and three scales: what lies beyond the last level
belongs to it. Right: the relative error in log P of one bin, by its distance above the mean in units of the scale: the
difference of sigmoids in float32 (red), the same with 1e-12 under it (green), and the package's in float32 (blue),
against the package in float64. One should see the first lose its digits from eight scales on and be infinite from 17.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import discretized_logistic_log_likelihood

levels = np.linspace(-1, 1, 256)


def each(x, mean, log_scale):
    """log P of every x by itself."""
    x = x[:, None]
    return discretized_logistic_log_likelihood(x, np.full_like(x, mean), np.full_like(x, log_scale), levels=256)


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
for scale, colour in ((0.02, BLUE), (0.06, GREEN), (0.2, RED)):
    mass = np.exp(each(levels, 0.8, np.log(scale)))
    left.semilogy(levels, mass, color=colour, label=f"scale {scale:g}")
    left.plot(1, mass[-1], "o", ms=4, color=colour)
left.set(xlabel="level", title="mass of a bin", ylim=(1e-7, 3), xlim=(-0.4, 1.05))
left.legend(loc="upper left")

scale = np.float32(0.05)
at = levels[(levels > -0.85) & (levels < 0.5)].astype(np.float32)
mean = np.float32(-0.9)
sigmoid = lambda a: (1 / (1 + np.exp(-a))).astype(np.float32)
half = np.float32(1 / 255)
with np.errstate(divide="ignore"):
    plain = sigmoid((at + half - mean) / scale) - sigmoid((at - half - mean) / scale)
    forms = ((np.log(plain), RED, r"$\log(\sigma(a)-\sigma(b))$"),
             (np.log(np.maximum(plain, np.float32(1e-12))), GREEN, "not below $10^{-12}$"),
             (each(at, mean, np.log(scale)), BLUE, "package"))
exact = each(at.astype(float), float(mean), float(np.log(scale)))
away = (at - mean) / scale
for values, colour, label in forms:
    error = abs(values.astype(float) / exact - 1)
    error[~np.isfinite(error)] = np.nan
    right.semilogy(away, np.maximum(error, 1e-9), ".", ms=3, color=colour, label=label)
right.set(xlabel="scales above the mean", title=r"relative error of $\log P$ in float32", ylim=(5e-10, 1e2))
right.legend(fontsize=8, handletextpad=0)
save(figure, "discretized_logistic_log_likelihood")
