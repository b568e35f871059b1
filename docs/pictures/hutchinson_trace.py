"""The standard deviation of Hutchinson's estimate against the probes, with signs and with normal numbers.

Two symmetric matrices of 30 rows with the trace 30: one near the identity (left), one with all its weight beside the
diagonal (right). Marks: 2000 estimates; lines: the closed variances; dotted: the trace. One should see all fall like
R^−½, signs far below normal numbers where the diagonal is heavy, and hardly below them where it is not.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import hutchinson_trace

D, tries, counts = 30, 2000, 2 ** np.arange(7)
rng = np.random.default_rng(3)
noise = rng.standard_normal((D, D))
beside = (noise + noise.T) / 2
np.fill_diagonal(beside, 0)
figure, [panels] = axes(2, width=3.4, height=2.7)
for axis, weight, title in zip(panels, (0.05, 1.0), ("a heavy diagonal", "little on the diagonal"), strict=True):
    A = np.eye(D) + weight * beside
    theta = {"A": A, "b": np.zeros(D)}
    whole, held = 2 * np.sum(A**2), 2 * (np.sum(A**2) - np.sum(np.diag(A) ** 2))
    for name, variance, colour, mark in (("normal", whole, RED, "s"), ("signs", held, BLUE, "o")):
        spread = []
        for n in counts:
            shape = (tries, n, D)
            probe = rng.standard_normal(shape) if name == "normal" else rng.choice([-1.0, 1.0], shape)
            spread.append(np.std(hutchinson_trace(np.zeros((tries, D)), probe, theta, score="linear")))
        axis.loglog(counts, np.sqrt(variance / counts), color=colour, lw=1)
        axis.loglog(counts, spread, mark, color=colour, ms=4, label=name)
    axis.set(title=title, xlabel="probes $R$", xticks=counts, xticklabels=map(str, counts), ylim=(0.1, 60))
    axis.axhline(30, color=INK, lw=0.7, ls=":")
    axis.minorticks_off()
panels[0].set_ylabel("deviation of the estimate")
panels[0].legend()
save(figure, "hutchinson_trace")
