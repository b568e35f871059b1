"""The function between its two asymptotes, and what usual forms lose in its tails.

Left: softplus and log σ with their asymptotes. Middle, in float32 against 60 digits: the relative error of log(1 + e^x)
as it is written (red) and of the package's (blue). One should see the first lose all digits below −16 and overflow
above 88. Right, in float64: a threshold of 20, above which x stands for the value, as in PyTorch, throws six digits
away at once; they come back like e^−x.
"""

import mpmath
import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import log_sigmoid, softplus

mpmath.mp.dps = 60
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
x = np.linspace(-5, 5, 201)
left.plot(x, np.maximum(x, 0), color=GREY, lw=0.8, ls="--")
left.plot(x, np.minimum(x, 0), color=GREY, lw=0.8, ls="--")
left.plot(x, softplus(x), color=BLUE, label="softplus")
left.plot(x, log_sigmoid(x), color=RED, label=r"$\log\sigma$")
left.set(xlabel="$x$", title="and their asymptotes", ylim=(-5, 5))
left.legend(loc="upper left")

at = np.linspace(-30, 100, 131).astype(np.float32)
exact = [mpmath.log1p(mpmath.exp(float(a))) for a in at]
with np.errstate(over="ignore"):
    written = np.log(1 + np.exp(at))
for values, colour, label in ((written, RED, "$\\log(1+e^x)$"), (softplus(at), BLUE, "package")):
    error = [float(abs(mpmath.mpf(float(v)) / e - 1)) if np.isfinite(v) else np.nan
             for v, e in zip(values, exact, strict=True)]
    middle.semilogy(at, np.maximum(error, 1e-9), ".", ms=2.5, color=colour, label=label)
lost = float(at[~np.isfinite(written)][0])
middle.axvline(lost, color=INK, lw=0.8, ls=":")
middle.text(lost - 2, 3e-4, "infinite from here", rotation=90, fontsize=7, ha="right", va="center", color=INK)
middle.set(xlabel="$x$", title="relative error in float32", ylim=(5e-10, 30))
middle.legend(loc="upper right", bbox_to_anchor=(0.88, 1), handletextpad=0, fontsize=8)

at = np.linspace(10, 38, 113)
exact = [mpmath.log1p(mpmath.exp(float(a))) for a in at]
cut = np.where(at > 20, at, softplus(at))
for values, colour in ((cut, RED), (softplus(at), BLUE)):
    error = [float(abs(mpmath.mpf(float(v)) - e) / e) for v, e in zip(values, exact, strict=True)]
    right.semilogy(at, np.maximum(error, 1e-18), ".", ms=2.5, color=colour)
right.plot([], [], ".", color=RED, label="$x$ above 20")
right.legend(handletextpad=0)
right.set(xlabel="$x$", title="relative error in float64", xticks=[10, 20, 30])
save(figure, "softplus")
