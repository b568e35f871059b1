"""A free energy is a straight slope with a bend for every hidden unit; and how fast sweeps forget where they began.

Left: F over grey values of two visible units, with four hidden ones; dashed: where a hidden unit is undecided and F
bends; dots: the four states, as large as their probability. Right: the distance of the law after k sweeps from the
machine's own, from the state of zeros and exact, for a machine of six and four units at three sizes of its weights. One
should see it fall geometrically, and hardly at all where weights are large.
"""

from itertools import product

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import rbm_conditionals, rbm_free_energy

figure, [[left, right]] = axes(2, width=3.5, height=2.8)
W = np.array([[15.0, -9.0], [-12.0, 15.0], [12.0, 12.0], [-6.0, -15.0]])
b, c = np.array([-4.0, -2.0]), np.array([-4.5, -3.0, -15.0, 7.5])
side = np.linspace(0, 1, 81)
grid = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
F = rbm_free_energy(grid, W, b, c).reshape(81, 81)
lines = left.contour(side, side, F.T, levels=14, cmap="Blues_r", linewidths=1)
left.clabel(lines, lines.levels[::3], fontsize=7, fmt=lambda v: f"{v:.1f}".replace("-", "−"))
for weights, bias in zip(W, c, strict=True):
    left.plot(side, -(bias + weights[0] * side) / weights[1], "--", color=RED, lw=0.9)
corners = np.array(list(product([0.0, 1.0], repeat=2)))
share = np.exp(-rbm_free_energy(corners, W, b, c))
share /= np.sum(share)
left.scatter(*corners.T, s=10 + 120 * share, color=INK, zorder=3, clip_on=False, lw=0)
left.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 1], yticks=[0, 1], xlabel="$v_1$", ylabel="$v_2$", aspect="equal",
         title="free energy")

states, hidden = (np.array(list(product([0.0, 1.0], repeat=n))) for n in (6, 4))
for size, colour in ((0.5, BLUE), (1.5, GREEN), (4.0, RED)):
    rng = np.random.default_rng(5)
    W = size * rng.standard_normal((4, 6))
    b, c = -np.sum(W, axis=0) / 2, -np.sum(W, axis=1) / 2          # so that a state and its opposite are alike
    up = rbm_conditionals(states, np.zeros((64, 4)), W, b, c)[0]
    down = rbm_conditionals(np.zeros((16, 6)), hidden, W, b, c)[1]
    to_hidden = np.prod(np.where(hidden[None] == 1, up[:, None], 1 - up[:, None]), axis=2)
    sweep = to_hidden @ np.prod(np.where(states[None] == 1, down[:, None], 1 - down[:, None]), axis=2)
    own = np.exp(-(f := rbm_free_energy(states, W, b, c)) + np.min(f))
    own /= np.sum(own)
    law, apart = np.eye(64)[0], []
    for _ in range(31):
        apart.append(np.sum(abs(law - own)) / 2)
        law = law @ sweep
    right.semilogy(apart, "o-", ms=3, lw=1, color=colour, label=f"weights of {size:g}")
right.set(xlabel="sweeps", title="distance from the machine's law", ylim=(1e-6, 2))
right.legend(fontsize=8)
save(figure, "rbm_free_energy")
