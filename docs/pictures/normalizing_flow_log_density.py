"""One flow asked in both directions: its samples, and the density that the way back gives.

Three coupling layers with random networks, their components reversed in between. Left: the density on a grid, by the
inverses, and 300 samples, by the layers. Right: the density of x₁ alone: the grid summed over x₂ (line) and 200000
samples counted (steps). One should see one and the same law; the grid's sum is one up to what lies outside.
"""

import numpy as np
from style import BLUE, RED, axes, save

from refdgm import normalizing_flow_log_density, normalizing_flow_sample
from refdgm.flow.bijection import COUPLED

rng = np.random.default_rng(16)
theta = {name: rng.normal(0, 0.9, (3, *shape)) for name, shape in COUPLED.shapes(2, 2, (6,)).items()}
given = {"transform": "coupling_tanh", "order": "reverse"}
samples, said = normalizing_flow_sample(rng.standard_normal((200000, 2)), theta, **given)
side = [np.linspace(*np.quantile(samples[:, d], (0.0005, 0.9995)), 181) for d in range(2)]
grid = np.stack(np.meshgrid(*side, indexing="ij"), axis=-1)
density = np.exp(normalizing_flow_log_density(grid.reshape(-1, 2), theta, **given)).reshape(181, 181)
cell = [one[1] - one[0] for one in side]
figure, [[left, right]] = axes(2, width=3.4, height=2.8)
left.contourf(*side, density.T, levels=np.max(density) * np.linspace(0.02, 1, 8), cmap="Blues")
left.plot(*samples[:300].T, ".", ms=2, color=RED)
left.set(xlabel="$x_1$", ylabel="$x_2$", title=f"a mass of {np.sum(density) * cell[0] * cell[1]:.3f} on the grid")
counts, edges = np.histogram(samples[:, 0], bins=60, range=(side[0][0], side[0][-1]))
right.stairs(counts / len(samples) / np.diff(edges), edges, color=RED, lw=1, label="samples")
right.plot(side[0], np.sum(density, axis=1) * cell[1], color=BLUE, label="density")
right.set(xlabel="$x_1$", yticks=[], title="density of $x_1$")
right.spines["left"].set_visible(False)
right.legend()
found = np.max(abs(said - normalizing_flow_log_density(samples, theta, **given)))
save(figure, "normalizing_flow_log_density")
