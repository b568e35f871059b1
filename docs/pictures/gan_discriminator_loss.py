"""The best discriminator, what its loss says of two laws, and where the logarithm of a rounded D ends.

Left: two normal laws and D = p/(p + q). Middle: the loss of that D against their distance, by 20000 draws of each
(marks) and as log 4 − 2 JSD (line): 1.386 says that nothing can be told, zero that everything can. Right, in float32:
the loss of one fake against its logit, by log(1 − D) of the rounded D (red) and by the package (blue).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gan_discriminator_loss, jensen_shannon_divergence

figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
x, wide = np.linspace(-4, 6, 201), np.linspace(-7, 13, 801)[None]
density = lambda m: np.exp(-((x - m) ** 2) / 2) / np.sqrt(2 * np.pi)
p, q = density(0.0), density(2.0)
for values, colour, label in ((p, BLUE, "data"), (q, RED, "samples")):
    left.fill_between(x, values, color=colour, alpha=0.25, lw=0)
    left.plot(x, values, color=colour, lw=1, label=label)
left.plot(x, p / (p + q), color=INK, label="best $D$")
left.set(xlabel="$x$", ylim=(0, 1.35), yticks=[0, 0.5, 1], title="two laws, 2 apart")
left.legend(fontsize=7.5, loc="upper right", ncols=3, columnspacing=0.8, handlelength=1)

rng = np.random.default_rng(6)
shifts = np.linspace(0, 6, 61)
closed = [np.log(4) - 2 * jensen_shannon_divergence(-(wide**2) / 2, -((wide - d) ** 2) / 2)[0] for d in shifts]
middle.plot(shifts, closed, color=BLUE)
for d in np.linspace(0, 6, 13):
    real, fake = rng.standard_normal(20000), d + rng.standard_normal(20000)
    logit = lambda y, d=d: d**2 / 2 - d * y
    middle.plot(d, gan_discriminator_loss(logit(real), logit(fake)), "o", ms=4, color=INK)
middle.axhline(np.log(4), color=GREEN, lw=0.8, ls=":")
middle.set(xlabel="distance of the laws", title="loss of the best $D$")

logits = np.linspace(-4, 26, 121).astype(np.float32)
D = (1 / (1 + np.exp(-logits))).astype(np.float32)
with np.errstate(divide="ignore"):
    plain = -np.log(1 - D)
sure = np.array([200.0], np.float32)
right.plot(logits, [gan_discriminator_loss(sure, one[None]) for one in logits], color=BLUE, label="package")
right.plot(logits, plain, ".", ms=4, color=RED, label=r"$-\log(1-D)$")
lost = logits[~np.isfinite(plain)][0]
right.axvline(lost, color=INK, lw=0.8, ls=":")
right.text(lost + 0.5, 2, f"infinite\nfrom {lost:.0f}", fontsize=8)
right.set(xlabel="logit of a fake", title="its loss in float32")
right.legend(fontsize=8)
save(figure, "gan_discriminator_loss")
