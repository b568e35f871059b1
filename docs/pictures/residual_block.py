"""What a stack of residual blocks tends to, with the factor 1/L on the branch and without it.

A linear branch in the plane that turns and shrinks. Left: the features through 4, 10 and 40 blocks with the factor, and
the flow (grey). Middle: the distance of their ends from the flow's against L, with the slope −1 (dotted). Right: the
features of L blocks z + z of one number, without the factor 2^L, with it (1 + 1/L)^L, which tends to e (dotted).
"""

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import residual_block

rate, turn = -0.5, np.pi
A, b, z0 = np.array([[rate, -turn], [turn, rate]]), np.zeros(2), np.array([[1.0, 0.0]])


def stack(z, matrix, blocks, factor):
    path, theta = [z], {"A": factor * matrix, "b": 0 * z[0]}
    for _ in range(blocks):
        path.append(residual_block(path[-1], theta, branch="linear"))
    return np.array(path)[:, 0]


figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
t = np.linspace(0, 1, 201)
flow = np.exp(rate * t) * np.array([np.cos(turn * t), np.sin(turn * t)])
left.plot(*flow, color="#bbbbbb", lw=3)
for blocks, colour in ((4, RED), (10, GREEN), (40, BLUE)):
    left.plot(*stack(z0, A, blocks, 1 / blocks).T, ".-", ms=4 if blocks < 40 else 2, lw=1, color=colour,
              label=f"$L={blocks}$")
left.set(aspect="equal", xticks=[], yticks=[], title="features through the blocks", xlim=(-2.6, 1.3),
         ylim=(-0.6, 2.1))
left.spines[["left", "bottom"]].set_visible(False)
left.legend(fontsize=7.5, loc="upper left", handlelength=1)
counts = 2 ** np.arange(2, 12)
found = [np.linalg.norm(stack(z0, A, int(n), 1 / n)[-1] - flow[:, -1]) for n in counts]
middle.loglog(counts, found, "o-", ms=3.5, color=BLUE)
middle.loglog(counts[4:], 0.6 * found[-1] * counts[-1] / counts[4:], ":", color=INK, lw=0.8)
middle.set(xlabel="blocks $L$", title="distance of the ends")
few, one = np.arange(1, 17), np.ones((1, 1))
for scaled, colour, label in ((False, RED, "without"), (True, BLUE, "with 1/L")):
    sizes = [stack(one, one, int(n), 1 / n if scaled else 1.0)[-1, 0] for n in few]
    right.semilogy(few, sizes, "o-", ms=3.5, lw=1, color=colour, label=label)
right.axhline(np.e, color=INK, lw=0.8, ls=":")
right.set(xlabel="blocks $L$", title="size of the features")
right.legend()
save(figure, "residual_block")
