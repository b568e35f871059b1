"""Two schedules of 1000 steps, and what becomes of 1 − ᾱ in float32.

Left and middle: ᾱ and the logarithm of the signal-to-noise ratio, by the linear schedule of Ho et al. and by the
cosine. One should see the linear one spend its last third where hardly anything is left of the data, and the cosine
hold on to it and end lower. Right: the relative error of 1 − ᾱ at the first steps in float32, as a difference from
the product (red) and by sums of logarithms (blue). One should see the difference lose three digits where it matters.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import alpha_products, cosine_schedule, linear_schedule

T = 1000
schedules = {"linear": linear_schedule(np.array(1e-4), np.array(0.02), steps=T),
             "cosine": cosine_schedule(np.array(0.008), np.array(0.999), steps=T)}
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.7)
t = np.arange(1, T + 1)
for (name, beta), colour in zip(schedules.items(), (INK, GREEN), strict=True):
    kept, lost = alpha_products(beta)
    left.plot(t, kept, color=colour, label=name)
    middle.plot(t, np.log10(kept / lost), color=colour)
left.set(xlabel="$t$", title=r"$\bar\alpha_t$")
left.legend()
middle.set(xlabel="$t$", title=r"$\log_{10}\;\bar\alpha_t/(1-\bar\alpha_t)$")

beta = schedules["linear"]
_, exact = alpha_products(beta)
single = beta.astype(np.float32)
kept, ours = alpha_products(single)
plain = np.float32(1) - np.cumprod(np.float32(1) - single, dtype=np.float32)
for found, colour, name in ((plain, RED, "a difference"), (ours, BLUE, "sums of logarithms")):
    error = np.maximum(abs(found.astype(np.float64) / exact - 1), np.finfo(np.float32).eps / 64)
    right.loglog(t[::1][:300], error[:300], ".", ms=3, color=colour, label=name)
right.axhline(np.finfo(np.float32).eps, color=INK, lw=0.7, ls=":")
right.set(xlabel="$t$", title=r"error of $1-\bar\alpha_t$, float32", ylim=(1e-9, 3e-3))
right.legend(fontsize=7.5, loc="upper right")
save(figure, "linear_schedule")
