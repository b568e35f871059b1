"""What a way costs: flows with the same ends of their radius and other costs, and the error of the cost by method.

Linear velocities that shrink every point and turn it, from one start. Left: the ways for three rates of turning, with
their kinetic costs, ∫ ½‖f‖² dt, closed. Right: the error of the cost against the steps for four methods, at the largest
rate. One should see the order of the state's method kept by its integral, −1, −2, −2 and −4.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm import odeint, odeint_running_cost

zero, one, z0 = np.array(0.0), np.array(1.0), np.array([[1.0, 0.0]])


def velocity(turn):
    return {"A": np.array([[-1.0, -turn], [turn, -1.0]]), "b": np.zeros(2)}


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
closed = lambda turn: (1 + turn**2) * (1 - np.exp(-2.0)) / 4
for turn, colour in ((0.0, INK), (2.0, BLUE), (5.0, RED)):
    times = np.linspace(0, 1, 81)
    way = [odeint(z0, zero, np.array(t), velocity(turn), velocity="linear", method="rk4", steps=40)[0] for t in times]
    left.plot(*np.array(way).T, color=colour, label=f"turning {turn:g}: {closed(turn):.2f}")
ring = np.linspace(0, 2 * np.pi, 121)
left.plot(np.exp(-1) * np.cos(ring), np.exp(-1) * np.sin(ring), ":", color=GREY, lw=0.9)
left.set(aspect="equal", xticks=[], yticks=[], title="ways to one radius, and their costs", xlim=(-0.85, 1.1),
         ylim=(-0.55, 1.45))
left.spines[["left", "bottom"]].set_visible(False)
left.legend(fontsize=8, loc="upper left")
counts = 2 ** np.arange(2, 10)
for method, colour, mark in (("euler", RED, "o"), ("midpoint", GREEN, "^"), ("heun", BLUE, "s"), ("rk4", INK, "D")):
    errors = [abs(odeint_running_cost(z0, zero, one, velocity(5.0), velocity="linear", cost="kinetic", method=method,
                                      steps=int(n))[1][0] - closed(5.0)) for n in counts]
    right.loglog(counts, errors, mark, ls="-", ms=3.5, color=colour, label=method)
right.set(xlabel="steps", title="error of the cost", xticks=(kept := [4, 16, 64, 256]), xticklabels=map(str, kept))
right.minorticks_off()
right.legend(fontsize=8)
save(figure, "odeint_running_cost")
