"""The Fisher divergence and the implicit objective for s = −a x and data N(0, ½), of which the score is −2 x.

Curves are the closed forms ¼ (a − 2)² and ¼ a² − a; marks are the package's means over ±√½, two points with the mean
and the variance of the data, which is all that these objectives see. One should see curves that are one apart
everywhere, ½ E[(log π)'²] = 1, and both least at a = 2: one at 0, the other at −1.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import fisher_divergence, implicit_score_matching

x = np.sqrt(0.5) * np.asarray([[1.0], [-1.0]])
line, at = np.linspace(0, 4, 81), np.linspace(0, 4, 17)
fisher = [np.mean(fisher_divergence(-a * x, -2 * x)) for a in at]
theta = [{"A": np.asarray([[-a]]), "b": np.zeros(1)} for a in at]
implicit = [np.mean(implicit_score_matching(x, one, score="linear")) for one in theta]

figure, ((axis,),) = axes(width=4.2, height=2.9)
axis.plot(line, (line - 2) ** 2 / 4, color=RED, label=r"$F=\frac{1}{2}\mathbb{E}(s-(\log\pi)^\prime)^2$")
axis.plot(line, line**2 / 4 - line, color=BLUE, label=r"$\mathbb{E}J=\mathbb{E}[\frac{1}{2}s^2+s^\prime]$")
axis.plot(at, fisher, "o", ms=3.5, color=RED, mfc="none")
axis.plot(at, implicit, "o", ms=3.5, color=BLUE, mfc="none")
axis.annotate("", (2, 0), (2, -1),
              arrowprops={"arrowstyle": "<->", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0})
axis.text(2.06, -0.5, r"$\frac{1}{2}\mathbb{E}[(\log\pi)^{\prime 2}]=1$", va="center")
axis.axhline(0, color=INK, lw=0.5)
axis.set(xlabel=r"$a$ of the model $s(x)=-a\,x$", ylabel="value")
axis.legend(loc="upper center")
save(figure, "implicit_score_matching")
