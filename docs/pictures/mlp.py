"""The kink of section 4: the derivative of E s'(x) with respect to b, x ~ N(0, 1), b = 0.3, the sharper the unit.

Dots are the package's pathwise derivatives through `mlp_tangent`, softplus(k (x − b)) / k, with the mean over x by the
trapezoidal rule; bars are the standard error of a mean over 1000 samples, likewise. They tend to −φ(b); the pathwise
derivative of ReLU itself is 0 at every sample, and no number of samples mends it.
"""

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import mlp_tangent

b = 0.3
x = np.linspace(-9, 9, 36001)
weight = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * (x[1] - x[0])
sharpness, means, errors = 2.0 ** np.arange(-1, 9), [], []
for k in sharpness:
    theta = {"W1": np.asarray([[k]]), "b1": np.asarray([-k * b]), "W2": np.asarray([[1 / k]]), "b2": np.zeros(1)}
    _, pullback = mlp_tangent.vjp(x[:, None], np.ones((len(x), 1, 1)), theta, activation="softplus")
    each = -pullback(np.zeros((len(x), 1)), np.ones((len(x), 1, 1)), wrt=("x",))["x"][:, 0]  # of b: minus that of x
    means.append(weight @ each)
    errors.append(np.sqrt((weight @ each**2 - means[-1] ** 2) / 1000))

figure, ((axis,),) = axes(width=4.6, height=2.8)
axis.errorbar(sharpness, means, yerr=errors, fmt="o", ms=3.5, color=BLUE, elinewidth=0.8, capsize=2)
axis.axhline(-np.exp(-(b**2) / 2) / np.sqrt(2 * np.pi), color=INK, lw=0.8, ls="--")
axis.axhline(0, color=RED)
axis.text(0.5, -0.02, "ReLU, pathwise: 0", color=RED, va="top")
axis.text(0.5, -0.395, r"the truth, $-e^{-b^2/2}/\sqrt{2\pi}$", va="top")
axis.set(xscale="log", xlabel=r"sharpness $k$", ylim=(-0.56, 0.04),
         ylabel="derivative of $\\mathbb{E}\\,s^\\prime$\nwith respect to $b$")
save(figure, "mlp")
