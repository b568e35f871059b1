"""A Brownian path that is made finer by bridges, and what the second known end takes off the variance.

Left: one path with four steps (red), every gap filled twice (green) and six times (blue), always by a bridge between
the two neighbours. Right: the variance at a share s of a step of the length one, of 20000 draws (marks) and closed
(lines): from the left end alone, a step of a path, s; between both ends, a bridge, s(1 − s). One should see the coarse
path stay where it is, and the bridge's variance at its largest, a quarter, in the middle.
"""

import numpy as np
from style import BLUE, GREEN, RED, axes, save

from refdgm import brownian_bridge, wiener_path


def finer(path, rng):
    """Every second point of (B, T + 1) is new; the lengths of the gaps are 1/T."""
    left, right, gaps = path[:, :-1].T, path[:, 1:].T, path.shape[1] - 1
    half, h = np.full(gaps, 0.5), np.full(gaps, 1 / gaps)
    new = np.empty((len(path), 2 * gaps + 1))
    new[:, ::2] = path
    new[:, 1::2] = brownian_bridge(left, right, rng.standard_normal(left.shape), h, half).T
    return new


rng = np.random.default_rng(11)
figure, [[left, right]] = axes(2, width=3.6, height=2.7)
coarse = np.concatenate([[[0.0]], wiener_path(rng.standard_normal((1, 4, 1)), np.full(4, 0.25))[:, :, 0]], axis=1)
paths = [coarse]
for _ in range(6):
    paths.append(finer(paths[-1], rng))
for path, colour, width in ((paths[6], BLUE, 0.7), (paths[2], GREEN, 1.2), (paths[0], RED, 1.8)):
    left.plot(np.linspace(0, 1, path.shape[1]), path[0], color=colour, lw=width, label=f"{path.shape[1] - 1} steps")
left.set(xlabel="$t$", title="one path, made finer")
left.legend(fontsize=7.5)

share, many = np.linspace(0, 1, 101), 20000
right.plot(share, share, color=RED, lw=1, label="left end known")
right.plot(share, share * (1 - share), color=BLUE, lw=1, label="both ends known")
for s in np.linspace(0.1, 0.9, 9):
    eps, every = rng.standard_normal((many, 1)), np.ones(many)
    right.plot(s, np.var(wiener_path(eps[:, None], np.array([s]))), "s", ms=4, color=RED)
    right.plot(s, np.var(brownian_bridge(0 * eps, 0 * eps, eps, every, s * every)), "o", ms=4, color=BLUE)
right.set(xlabel="share $s$ of the step", title="variance")
right.legend()
save(figure, "wiener_path")
