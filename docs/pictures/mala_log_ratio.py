"""How far a step may go: acceptance and progress of the adjusted Langevin algorithm in 1, 10 and 100 dimensions.

The target is N(0, I) and 4000 chains start in it, where they stay. Left: the share of proposals that is accepted
against the step size η. Middle: the mean squared move of a coordinate in a step, in units of the best. Right: the
same against the acceptance. One should see the best η shrink with the dimension, like D^−⅓, and all best steps at an
acceptance above one half, in many dimensions near 0.574 (dotted).
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm import langevin_step, mala_log_ratio

etas, chains = np.geomspace(0.1, 8, 25), 4000
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
for dimensions, colour in ((1, BLUE), (10, GREEN), (100, RED)):
    rng = np.random.default_rng(8)
    x, eps = rng.standard_normal((chains, dimensions)), rng.standard_normal((chains, dimensions))
    accepted, moved = [], []
    for eta in etas:
        y = langevin_step(x, -x, eps, np.array(eta))
        log = mala_log_ratio(x, y, -x, -y, -np.sum(x**2, 1) / 2, -np.sum(y**2, 1) / 2, np.array(eta))
        chance = np.exp(np.minimum(log, 0))
        accepted.append(np.mean(chance))
        moved.append(np.mean(chance * np.mean((y - x) ** 2, axis=1)))
    moved = np.array(moved) / np.max(moved)
    left.semilogx(etas, accepted, color=colour, label=f"$D={dimensions}$")
    middle.semilogx(etas, moved, color=colour)
    right.plot(accepted, moved, color=colour)
for axis in (left, middle):
    axis.set(xlabel=r"step size $\eta$", xticks=[0.1, 1], xticklabels=["0.1", "1"])
left.set_title("accepted")
middle.set_title("progress of a step")
right.set(xlabel="accepted", title="progress of a step")
right.axvline(0.574, color=GREY, lw=0.8, ls=":")
left.legend()
save(figure, "mala_log_ratio")
