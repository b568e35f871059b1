"""What planar layers make of a normal law, and what the constraint is for.

Left and middle: the density of the image of N(0, I) under one and under three layers, drawn where the points of a grid
arrive, log p(x) = log p(z) − ℓ; dotted: the plane (a line) of the first layer, from which points move to both sides.
Right: the layer along w, a ↦ a + k tanh a, from κ = −3 as it is (it folds back) and with the constraint (it rises).
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm.flow.planar_transform import planar_transform

side = 81
grid = np.stack(np.meshgrid(*[np.linspace(-3.8, 3.8, side)] * 2), axis=-1).reshape(-1, 2)
layers = [(np.array([0.0, 2.5]), np.array([0.3, 1.6]), np.array(0.0)),
          (np.array([1.8, -0.6]), np.array([1.5, 0.8]), np.array(-1.0)),
          (np.array([-1.6, 1.0]), np.array([-1.2, -1.2]), np.array(1.5))]
base = -np.sum(grid**2, axis=1) / 2 - np.log(2 * np.pi)
figure, [[left, middle, right]] = axes(3, width=2.55, height=2.7)
for axis, count, title in [(left, 1, "one layer"), (middle, 3, "three layers")]:
    x, log_p = grid, base
    for u, w, b in layers[:count]:
        x, log_det = planar_transform(x, u, w, b, constraint="softplus")
        log_p = log_p - log_det
    shape = (side, side)
    axis.contourf(x[:, 0].reshape(shape), x[:, 1].reshape(shape), np.exp(log_p).reshape(shape), cmap="Blues",
                  levels=np.linspace(0.003, 0.08, 8), extend="max")
    axis.set(xlim=(-5.6, 5.6), ylim=(-5.6, 5.6), xticks=[-4, 0, 4], yticks=[-4, 0, 4], xlabel="$x_1$",
             title=title, aspect="equal")
u, w, b = layers[0]
left.plot([-5.6, 5.6], [w[0] / w[1] * 5.6, -w[0] / w[1] * 5.6], ":", color=INK, lw=1)
left.set_ylabel("$x_2$")

a = np.linspace(-3.5, 3.5, 141)
unit, back = np.array([1.0]), np.array([-3.0])
for constraint, colour, label, at in [("none", RED, "$k=\\kappa=-3$", (-3.4, 2.2)),
                                      ("softplus", BLUE, "$k=\\mathrm{sp}(-3)-1$", (-0.5, -2.5))]:
    right.plot(a, planar_transform(a[:, None], back, unit, np.array(0.0), constraint=constraint)[0][:, 0], color=colour)
    right.text(*at, label, color=colour)
right.axhline(1, color=GREY, lw=0.9, ls=":")
right.set(xlabel="$a$", ylabel="image of $a$", title="along $w$")
save(figure, "planar_transform")
