"""The law of a relaxed draw on its triangle, for three temperatures.

Three categories with the shares ½, 3/10 and 1/5; the density with respect to the area of (c₁, c₂), each triangle with
its own scale, and 60 draws of gumbel_softmax. One should see one hill inside at τ = 2, a nearly flat triangle that
turns up at its edges at τ = 0.7, and at τ = 0.3 next to nothing inside, with everything in the corners. Below each: the
mass within 0.1 of a corner, by 40000 draws.
"""

import numpy as np
from style import INK, axes, save

from refdgm import concrete_log_density, gumbel_softmax

logits = np.log([[0.5, 0.3, 0.2]])
corner = np.array([[0, 0], [1, 0], [0.5, 3**0.5 / 2]])
n = 30
side = (np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), axis=-1).reshape(-1, 2) + 1 / 3) / n
side = side[np.sum(side, axis=1) < 0.999]
c = np.column_stack([side, 1 - np.sum(side, axis=1)])
rng = np.random.default_rng(8)
figure, [panels] = axes(3, width=2.4, height=2.6)
for axis, tau in zip(panels, (2.0, 0.7, 0.3), strict=True):
    density = concrete_log_density(c, np.repeat(logits, len(c), axis=0), np.array(tau))
    levels = np.linspace(np.quantile(density, 0.05), np.quantile(density, 0.97), 9)
    axis.tricontourf(*(c @ corner).T, density, levels=levels, cmap="Blues", extend="both")
    u = rng.random((40000, 3))
    y = gumbel_softmax(np.repeat(logits, len(u), axis=0), -np.log(-np.log(u)), np.array(tau))
    near = np.mean(np.max(y, axis=1) > 0.9)
    axis.plot(*(y[:60] @ corner).T, "o", ms=2.6, mfc="white", mec=INK, mew=0.7)
    axis.plot(*corner[[0, 1, 2, 0]].T, color=INK, lw=0.8)
    axis.set(title=rf"$\tau={tau:g}$", aspect="equal", xlim=(-0.05, 1.05), ylim=(-0.2, 0.95))
    axis.text(0.5, -0.13, f"{100 * near:.0f} % in the corners", ha="center", fontsize=8)
    axis.axis("off")
save(figure, "concrete_log_density")
