"""One game, three ways to play it: V = xy from (1, 0) with η = 0.25.

Left: forty steps in the plane of both players. One should see the simultaneous steps spiral out, the alternating ones
stay on an ellipse that leans, and extragradient spiral in. Right: the distance from the point of rest; the slopes are
those of (1 + η²)^{T/2} and (1 − η² + η⁴)^{T/2}, and the middle line swings and goes nowhere.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm.adversarial.bilinear_game import bilinear_game

eta, steps = 0.25, 40
one = lambda value: np.full((1, 1), value)
figure, [[plane, distance]] = axes(2, width=3.6, height=3.1)
turn = np.linspace(0, 2 * np.pi, 200)
plane.plot(np.cos(turn), np.sin(turn), "--", color=GREY, linewidth=0.8)
for method, colour, mark in (("simultaneous", RED, "o"), ("alternating", GREY, "s"), ("extragradient", BLUE, "^")):
    path = [(1.0, 0.0)]
    for _ in range(steps):
        x, y = bilinear_game(one(path[-1][0]), one(path[-1][1]), one(1.0), eta, method=method, steps=1)
        path.append((float(x[0, 0]), float(y[0, 0])))
    path = np.array(path)
    plane.plot(*path.T, "-", color=colour, marker=mark, markersize=2.5, linewidth=0.8, label=method)
    distance.semilogy(np.hypot(*path.T), "-", color=colour, marker=mark, markersize=2.5, linewidth=0.8)
plane.plot([0], [0], "+", color=GREEN, markersize=9)
plane.set(xlabel="$x$", ylabel="$y$", title="both players", aspect="equal")
distance.set(xlabel="steps $T$", title="distance from rest")
figure.legend(loc="outside lower center", ncols=3)
save(figure, "bilinear_game")
