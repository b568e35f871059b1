"""The step that a signal-to-noise ratio asks for, and what chains of such steps have for a variance.

Scores of N(0, I). Left: the size of the step, 2ρ², of 4000 examples at r = 0.16 in 4, 64 and 1024 dimensions: where the
lengths of score and noise scatter, so does it, and it tends to 2r² (dotted). Right: the variance of chains that have
settled, against r. One should see it tend not to one as the ratio falls, but to ((D + 2)/D)² (dashed): a step that is
longer where the score is short, and with the noise that it adds, is no Langevin step.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import langevin_corrector_step

rng = np.random.default_rng(9)
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
drawn = ((4, RED), (64, GREEN), (1024, BLUE))
for D, colour in drawn:
    x, z = rng.standard_normal((2, 4000, D))
    rho = 0.16 * np.linalg.norm(z, axis=1) / np.linalg.norm(x, axis=1)
    moved = langevin_corrector_step(x, -x, z, np.array(0.16), norm="example") - x
    size = np.sum((moved - 2 * rho[:, None] * z) * -x, axis=1) / np.sum(x**2, axis=1)
    left.hist(size, np.geomspace(0.002, 3, 90), density=True, histtype="step", lw=1.2, color=colour, label=f"$D={D}$")
left.axvline(2 * 0.16**2, color=INK, lw=0.8, ls=":")
left.set(xscale="log", yscale="log", xlabel=r"size of the step, $2\rho^2$", title="at a ratio of 0.16",
         ylim=(0.02, 500), xticks=(kept := [0.01, 0.1, 1]), xticklabels=map(str, kept))
left.legend()

ratios = np.geomspace(0.06, 0.6, 8)
for D, colour in drawn[:2]:
    variance = []
    for r in ratios:
        x, kept, settled = rng.standard_normal((16000 // D // 4, D)), [], int(4 / r**2)
        for n in range(settled + 400):
            x = langevin_corrector_step(x, -x, rng.standard_normal(x.shape), np.array(r), norm="example")
            if n >= settled:
                kept.append(np.mean(x**2))
        variance.append(np.mean(kept))
    right.loglog(ratios, variance, "o-", ms=3.5, color=colour, label=f"$D={D}$")
    right.axhline(((D + 2) / D) ** 2, color=colour, lw=0.8, ls="--")
right.axhline(1, color=INK, lw=0.8, ls=":")
right.set(xlabel="ratio $r$", title="variance of the chains", xticks=(shown := [0.1, 0.2, 0.5]),
          xticklabels=map(str, shown), yticks=(levels := [1, 2, 5, 10]), yticklabels=map(str, levels))
right.minorticks_off()
right.legend()
save(figure, "langevin_corrector_step")
