"""Where a critic is asked for its slope, and what it pays for it.

Data on a ring, samples in a heap beside it, a critic with 16 tanh units. Left: 250 points between pairs of both, where
the penalty looks, coloured by the slope of the critic there (the colours are those on the right); data grey, samples
black. Right: the penalty of these points against their slope, by the package, two-sided and one-sided (line).
"""

import numpy as np
from style import GREY, INK, RED, axes, save

from refdgm import gradient_penalty, mlp_tangent

rng = np.random.default_rng(21)
n, H = 250, 16
angle = rng.uniform(0, 2 * np.pi, n)
real = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (1 + 0.03 * rng.standard_normal((n, 1)))
fake = np.array([0.4, -0.2]) + 0.2 * rng.standard_normal((n, 2))
theta = {"W1": rng.normal(0, 1.6, (H, 2)), "b1": rng.normal(0, 1, H), "W2": rng.normal(0, 0.35, (1, H)),
         "b2": np.zeros(1)}
u = rng.random(n)
points = u[:, None] * real + (1 - u[:, None]) * fake
slopes = np.linalg.norm(mlp_tangent(points, np.repeat(np.eye(2)[None], n, axis=0), theta, activation="tanh")[1][..., 0],
                        axis=1)
figure, [[left, right]] = axes(2, width=3.5, height=2.8)
left.plot(*real.T, ".", ms=2, color=GREY)
left.plot(*fake.T, ".", ms=2, color=INK)
left.scatter(*points.T, c=slopes, cmap="coolwarm", vmin=0, vmax=2, s=11, lw=0)
left.set(aspect="equal", xticks=[], yticks=[], title="points between data and samples")
left.spines[["left", "bottom"]].set_visible(False)
for sides, size in (("two", 14), ("one", 0)):
    J = gradient_penalty(real, fake, u, theta, critic="mlp_tanh", sides=sides)
    if size:
        right.scatter(slopes, J, c=slopes, cmap="coolwarm", vmin=0, vmax=2, s=size, lw=0)
    else:
        order = np.argsort(slopes)
        right.plot(slopes[order], J[order], color=RED, lw=0.8, label="one-sided")
right.axvline(1, color=INK, lw=0.8, ls=":")
right.set(xlabel="slope of the critic", title=f"penalty of a point, two-sided; mean {np.mean((slopes - 1) ** 2):.2f}")
right.legend()

save(figure, "gradient_penalty")
