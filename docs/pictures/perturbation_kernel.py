"""What is left of a point and how much noise it has: three processes, and the digits of a deviation near time zero.

Song et al.'s ends: β from 0.1 to 20, σ from 0.01 to 50. Left: one should see the two deviations end at one, the smaller
one start flat. Middle: both of the exploding process; without the noise of before time 0 (solid) it starts at 0. Right:
in float32, against the package in float64 at the same numbers, the textbook's 1 − e^{−B} is a staircase that ends at 1.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm.sde.perturbation_kernel import perturbation_kernel

single = np.float32
figure, [[left, middle, right]] = axes(3, width=2.65, height=2.6)
t, beta, sigma = np.linspace(1e-6, 1, 201), (np.array(0.1), np.array(20.0)), (np.array(0.01), np.array(50.0))
for process, colour in [("vp", BLUE), ("sub_vp", RED)]:
    scale, std = perturbation_kernel(t, *beta, process=process)
    left.plot(t, std, color=colour)
left.plot(t, scale, "--", color=INK)
labels = [(0.42, 0.5, "$\\kappa$, of both", INK), (0.28, 0.98, "vp", BLUE), (0.4, 0.67, "sub_vp", RED)]
for x, y, text, colour in labels:
    left.text(x, y, text, color=colour)
left.set(xlabel="$t$", ylabel="$\\kappa$, $\\varsigma$")

times = np.logspace(-5, 0, 101)
middle.loglog(times, sigma[0] * (sigma[1] / sigma[0]) ** times, "--", color=GREY)
middle.loglog(times, perturbation_kernel(times, *sigma, process="ve")[1], color=GREEN)
middle.text(2e-5, 0.015, "$\\sigma(t)$", color=GREY)
middle.text(3e-3, 6e-4, "$\\varsigma$ of ve", color=GREEN)
middle.set(xlabel="$t$", ylabel="standard deviation")

near = np.logspace(-8, -1, 71).astype(single)
low, high = (np.array(end, single) for end in beta)
exact = perturbation_kernel(near.astype(float), low.astype(float), high.astype(float), process="sub_vp")[1]
total = near * ((2 - near) * low + near * high) / 2
for colour, std, label in [(RED, 1 - np.exp(-total), "textbook"),
                           (BLUE, perturbation_kernel(near, low, high, process="sub_vp")[1], "package")]:
    right.loglog(near, np.maximum(abs(std / exact - 1), 4e-9), ".", ms=3.5, color=colour, label=label)
right.axhline(1, color=INK, lw=0.8, ls="--")
right.set(xlabel="$t$", ylabel="relative error of $\\varsigma$, float32")
right.legend(loc="upper right", bbox_to_anchor=(1.02, 0.95), handletextpad=0, borderpad=0)
save(figure, "perturbation_kernel")
