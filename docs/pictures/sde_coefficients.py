"""Three processes with the same ends of their noise: how fast data are forgotten, and how fast noise comes in.

β from 0.1 to 20, σ from 0.01 to 50. From left to right: minus the slope of the drift; the diffusion g; and the variance
that data of the variance one have at t. One should see one drift for vp and sub-vp and none for ve, diffusions that
begin apart by orders, and a variance that stays at one (vp), falls below it for a while (sub-vp) or explodes (ve).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import perturbation_kernel, sde_coefficients

t = np.linspace(1e-3, 1, 300)
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
drawn = (("vp", (0.1, 20.0), BLUE, "-"), ("sub_vp", (0.1, 20.0), GREEN, "--"), ("ve", (0.01, 50.0), RED, "-"))
for process, ends, colour, dash in drawn:
    low, high = map(np.array, ends)
    slope, diffusion = sde_coefficients(t, low, high, process=process)
    scale, std = perturbation_kernel(t, low, high, process=process)
    left.plot(t, -slope, color=colour, ls=dash, label=process.replace("_", "-"))
    middle.semilogy(t, diffusion, color=colour, ls=dash)
    right.semilogy(t, scale**2 + std**2, color=colour, ls=dash)
left.set(xlabel="$t$", title="$-f/x$")
left.legend()
middle.set(xlabel="$t$", title="diffusion $g$")
right.axhline(1, color=INK, lw=0.7, ls=":")
right.set(xlabel="$t$", title="variance of $x_t$")
save(figure, "sde_coefficients")
