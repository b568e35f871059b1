"""The same 90 draws of Gumbel noise at three temperatures, as points y of the triangle; ℓ = log (0.5, 0.3, 0.2).

A colour is the category that wins. From left to right τ falls: each point moves to the corner of its own colour and
never changes it, for the order of ℓ + g does not depend on τ. At the corners stands how many of the draws each
category wins, below the mean of the largest y.
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import gumbel_max, gumbel_softmax

logits = np.tile(np.log([0.5, 0.3, 0.2]), (90, 1))
gumbel = np.random.default_rng(0).gumbel(size=(90, 3))
winner = gumbel_max(logits, gumbel)
corners = np.asarray([[0, 0], [1, 0], [0.5, np.sqrt(0.75)]])

figure, (panels,) = axes(3, width=2.3, height=2.4)
for axis, tau in zip(panels, (2.0, 0.5, 0.1), strict=True):
    y = gumbel_softmax(logits, gumbel, tau)
    axis.fill(*corners.T, facecolor="none", edgecolor=INK, lw=0.8)
    for k, colour in enumerate((BLUE, RED, GREEN)):
        axis.plot(*(y[winner == k] @ corners).T, ".", ms=4, mew=0, alpha=0.7, color=colour, clip_on=False)
    for k, (place, align) in enumerate((((-0.03, -0.1), "right"), ((1.03, -0.1), "left"), ((0.5, 0.91), "center"))):
        axis.text(*place, f"{np.sum(winner == k)}", ha=align, color=(BLUE, RED, GREEN)[k])
    axis.set(aspect="equal", xlim=(-0.12, 1.12), ylim=(-0.14, 1.0), title=rf"$\tau={tau:g}$")
    axis.axis("off")
    axis.text(0.5, -0.1, f"mean of max y: {np.mean(np.max(y, axis=1)):.2f}", ha="center")
save(figure, "gumbel_softmax")
