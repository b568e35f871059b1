"""The divergence of N(0, e^λ) from N(0, 1) near λ = 0: relative errors of the textbook form and of the package's.

Against 60 digits. In each format the error of ½ (e^λ + μ² − 1 − λ) grows as λ^−2 until no digit is left (dashed);
λ falls to the right. The form that is one non-negative quantity stays at the rounding of the format.
"""

import mpmath
import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import gaussian_kl

mpmath.mp.dps = 60
figure, ((axis,),) = axes(width=4.6, height=2.9)
for format_, marker in ((np.float32, "o"), (np.float64, "s")):
    lam = np.logspace(0, -9, 37).astype(format_)
    exact = [(mpmath.exp(a) - 1 - a) / 2 for a in map(mpmath.mpf, map(float, lam))]
    textbook = (np.exp(lam) + format_(0) - format_(1) - lam) / format_(2)
    ours = gaussian_kl(np.zeros((37, 1), format_), lam[:, None])
    for values, colour, name in ((textbook, RED, "textbook"), (ours, BLUE, "one quantity")):
        error = [float(abs(float(a) / b - 1)) for a, b in zip(values, exact, strict=True)]
        axis.loglog(lam, np.maximum(error, np.finfo(format_).eps / 64), marker, ms=3, color=colour,
                    mfc=colour if marker == "o" else "none", mew=0.8, label=f"{name}, {format_.__name__}")
axis.axhline(1, color=INK, lw=0.8, ls="--", label="no digit left")
axis.invert_xaxis()
axis.set(xlabel=r"log-variance $\lambda$, falling to the right", ylabel="relative error of KL")
axis.legend(loc="center left", bbox_to_anchor=(1, 0.5))
save(figure, "gaussian_kl")
