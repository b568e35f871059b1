"""An energy and the field of its score: downhill, perpendicular to the levels, and blind to a constant.

Left: a network of 30 softplus units as an energy, 24 for a bowl and three for each of two ridges across it, which leave
four wells: lines of equal energy and the score (arrows). Right: E = log(1 + e^x) + log(1 + e^−x), a network of two
units: the energy, the score −tanh(x/2) (line) with the package's (marks), and the same from an energy that is 3 higher:
no mark moves.
"""

import numpy as np
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import energy_score

figure, [[left, right]] = axes(2, width=3.5, height=2.9)
turn = 2 * np.pi * np.arange(24) / 24
bowl = np.stack([np.cos(turn), np.sin(turn)], axis=1)
tents = np.repeat(np.eye(2), 3, axis=0)                      # a ridge is three ramps
theta = {"W1": np.concatenate([2.5 * bowl, 4 * tents]), "b1": np.concatenate([np.full(24, -4.0), [2.5, 0, -2.5] * 2]),
         "W2": np.concatenate([np.full(24, 0.4), [1.2, -2.4, 1.2] * 2])[None], "b2": np.zeros(1)}
side = np.linspace(-2.6, 2.6, 61)
grid = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
E, _ = energy_score(grid, theta, activation="softplus")
left.contour(side, side, E.reshape(61, 61).T, levels=np.quantile(E, np.linspace(0.01, 0.9, 13)), cmap="Blues_r",
             linewidths=0.9)
ticks = np.linspace(-2.4, 2.4, 13)
few = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(-1, 2)
_, s = energy_score(few, theta, activation="softplus")
s = s / (1 + np.linalg.norm(s, axis=1, keepdims=True))
left.quiver(*few.T, *s.T, color=RED, scale=16, width=0.004)
left.set(aspect="equal", xticks=[], yticks=[], title="levels of an energy, and its score")
left.spines[["left", "bottom"]].set_visible(False)

x = np.linspace(-6, 6, 121)
logistic = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros(2), "W2": np.ones((1, 2)), "b2": np.zeros(1)}
higher = logistic | {"b2": np.array([3.0])}
for parameters, colour, label in ((logistic, BLUE, "$E$"), (higher, GREY, "$E+3$")):
    right.plot(x, energy_score(x[:, None], parameters, activation="softplus")[0], color=colour, label=label)
right.plot(x, -np.tanh(x / 2), color=RED, label="score of both")
for parameters, mark, size, colour in ((higher, "o", 6, GREY), (logistic, ".", 4, INK)):
    s = energy_score(x[::8, None], parameters, activation="softplus")[1][:, 0]
    right.plot(x[::8], s, mark, ms=size, color=colour, mfc="none" if size > 5 else colour)
right.set(xlabel="$x$", title="the logistic law")
right.legend(loc="upper center", fontsize=8)
save(figure, "energy_score")
