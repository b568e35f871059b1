"""Codes that are mixed, and what the gradient of a mixture is worth.

Five codes in the plane and one law over them. Left: 150 mixtures at three temperatures: at a high one they stay near
the mean of all codes, at a low one near the codes. Right: the derivative of E ‖z − y‖² with respect to the first logit,
of the relaxed mixtures by 20000 draws, against the temperature: its mean (blue; the exact derivative over codes is
dotted) and the deviation of one draw (red). One should see the bias go as the temperature falls, and the scatter come.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import gumbel_softmax, relaxed_codebook

codes = np.array([[1.0, 0.2], [0.3, 1.0], [-0.9, 0.6], [-0.7, -0.8], [0.6, -0.9]])
logits, target = np.log(np.array([[0.35, 0.25, 0.2, 0.1, 0.1]])), np.array([0.9, -0.4])
rng = np.random.default_rng(13)
gumbel = -np.log(-np.log(rng.random((20000, 5))))
every = np.repeat(logits, len(gumbel), axis=0)
figure, [[left, right]] = axes(2, width=3.5, height=2.8)
for tau, colour in ((2.0, GREY), (0.6, GREEN), (0.15, BLUE)):
    z = relaxed_codebook(gumbel_softmax(every[:150], gumbel[:150], np.array(tau)), codes)
    left.plot(*z.T, "o", ms=2.4, color=colour, label=rf"$\tau={tau:g}$")
left.plot(*codes.T, "D", ms=6, mfc="none", mec=INK, mew=1.2)
left.plot(*target, "+", ms=9, mew=1.5, color=RED)
left.spines[["left", "bottom"]].set_visible(False)
left.set(aspect="equal", xticks=[], yticks=[], xlim=(-1.2, 1.3), ylim=(-1.15, 1.55),
         title="mixtures, codes, and $y$ (+)")
left.legend(ncols=3, fontsize=7.5, handletextpad=0, columnspacing=0.8, loc="upper center")

p = np.exp(logits[0])
costs = np.sum((codes - target) ** 2, axis=1)
exact = p[0] * (costs[0] - p @ costs)
taus, found = np.geomspace(0.03, 4, 24), []
for tau in taus:
    c, back = gumbel_softmax.vjp(every, gumbel, np.array(tau))
    z, mixed = relaxed_codebook.vjp(c, codes)
    slopes = back(mixed(2 * (z - target))["c"])["logits"][:, 0]
    found.append((np.mean(slopes), np.std(slopes)))
found = np.array(found)
right.semilogx(taus, found[:, 0], color=BLUE, label="mean")
right.semilogx(taus, found[:, 1], color=RED, label="deviation of a draw")
right.axhline(exact, color=INK, lw=0.8, ls=":")
right.set(xlabel=r"temperature $\tau$", title="slope in the first logit", xticks=(kept := [0.1, 1]),
          xticklabels=map(str, kept))
right.legend()
save(figure, "relaxed_codebook")
