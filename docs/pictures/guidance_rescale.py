"""What guidance does to the size of a prediction, and what rescaling takes back.

64 × 64 numbers, the conditional prediction c a smooth pattern with noise, the unconditional one the same with half the
pattern. Left: the deviation of the guided prediction over that of c against the scale γ, for four φ. Right: the values
at γ = 7.5, of c (grey), guided (red) and rescaled (blue). One should see the deviation grow nearly like γ, taken back
in part or, at φ = 1, wholly.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import classifier_free_guidance, guidance_rescale

rng = np.random.default_rng(6)
side = np.linspace(0, 2 * np.pi, 64)
pattern, noise = np.sin(side)[:, None] + np.cos(2 * side)[None], 0.7 * rng.standard_normal((64, 64))
c, without = (pattern + noise)[None], (0.5 * pattern + noise)[None]
figure, [[left, right]] = axes(2, width=3.5, height=2.7)
gammas = np.linspace(1, 12, 45)
guided = [classifier_free_guidance(c, without, np.array(g)) for g in gammas]
for phi, colour in ((0.0, RED), (0.5, GREEN), (0.7, GREY), (1.0, BLUE)):
    left.plot(gammas, [np.std(guidance_rescale(x, c, np.array(phi))) / np.std(c) for x in guided], color=colour,
              label=rf"$\phi={phi:g}$")
left.set(xlabel=r"scale $\gamma$", title="deviation over that of $c$", xlim=(1, 12))
left.legend()

x = classifier_free_guidance(c, without, np.array(7.5))
y = guidance_rescale(x, c, np.array(1.0))
bins = np.linspace(-12, 12, 81)
right.hist(c.ravel(), bins, color=GREY, alpha=0.5, label="$c$")
for values, colour, label in ((x, RED, "guided"), (y, BLUE, r"rescaled, $\phi=1$")):
    right.hist(values.ravel(), bins, histtype="step", color=colour, lw=1.2, label=label)
right.set(xlabel="value", yticks=[], title=r"values at $\gamma=7.5$")
right.spines["left"].set_visible(False)
right.legend(fontsize=8)
save(figure, "guidance_rescale")
