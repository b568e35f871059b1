"""The coefficients against the noise, and why c_skip is what it is.

σ_d = ½. Left: c_skip falls from 1 to 0 about σ_d; c_out (red) is below what a prediction of the data (σ_d) or of the
noise (σ) would need, dotted. Right: the deviation of what is asked for, against the weight k of x, at three
levels; one should see the package's (c_skip, c_out) on the lowest point of each.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm.diffusion.edm_preconditioning import edm_preconditioning

d = np.array(0.5)
sigma = np.logspace(-2.7, 2, 201)
skip, out, inward, told = edm_preconditioning(sigma, d)
figure, [[left, right]] = axes(2, width=3.6, height=2.8)
left.loglog([2e-3, 4], [2e-3, 4], ":", color=GREY, lw=1.2)
left.text(2.2, 3.4, "$\\sigma$", color=GREY, ha="right")
left.text(3e-3, 0.3, "$\\sigma_d$", color=GREY)
left.axhline(d, color=GREY, ls=":", lw=1.2)
for y, colour, label in [(skip, BLUE, "$c_\\mathrm{skip}$"), (out, RED, "$c_\\mathrm{out}$"),
                         (inward, GREEN, "$c_\\mathrm{in}$")]:
    left.loglog(sigma, y, color=colour, label=label)
left.set(xlabel="$\\sigma$", ylabel="coefficient", ylim=(1e-3, 6))
left.legend(loc="lower center")

k = np.linspace(-0.3, 1.3, 161)
for level, colour in [(0.15, BLUE), (0.5, GREEN), (1.5, RED)]:
    at = edm_preconditioning(np.array([level]), d)
    right.plot(k, np.sqrt((1 - k) ** 2 * d**2 + k**2 * level**2), color=colour, label=f"$\\sigma={level:g}$")
    right.plot(at[0], at[1], "o", color=colour, ms=5)
right.plot([0], [d], "D", color=INK, ms=4)
right.text(-0.02, 0.33, "$k=0$:\nthe data", color=INK, fontsize=8, ha="right")
right.set(xlabel="weight $k$ of $x$", ylabel="deviation of the target", ylim=(0, 1.4))
right.legend(loc="upper left", fontsize=8)
save(figure, "edm_preconditioning")
