"""Sweeps over a whole trajectory: how they settle from its start on, and how fast.

A point on a circle, 60 steps. Left: one coordinate over a time of 8 after 2, 6, 10 and 16 sweeps; grey: Euler's points,
where all of them end. Right: the largest distance from Euler's points against the sweeps, for three lengths of time;
dotted: the first term that is missing in continuous time, (time)^{k+1}/(k+1)!. One should see nothing gained for about
as many sweeps as the time is long, and then a fall faster than any geometric one.
"""

from math import lgamma

import numpy as np
from style import BLUE, GREEN, INK, RED, axes, save

from refdgm import picard_iteration

theta, z0, T = {"A": np.array([[0.0, -1.0], [1.0, 0.0]]), "b": np.zeros(2)}, np.array([[1.0, 0.0]]), 60


def sweeps(length, number):
    h = np.full(T, length / T)
    points = picard_iteration(z0, np.arange(T) * h, h, theta, velocity="linear", sweeps=number)
    return np.concatenate([z0[0][None], points[0]])


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
left.plot(np.linspace(0, 8, T + 1), sweeps(8.0, T)[:, 0], color="#bbbbbb", lw=3.5)
for number, colour in ((2, INK), (6, GREEN), (10, RED), (16, BLUE)):
    left.plot(np.linspace(0, 8, T + 1), sweeps(8.0, number)[:, 0], color=colour, lw=1.1, label=str(number))
left.set(xlabel="$t$", ylim=(-3, 3), title="one coordinate")
left.legend(title="sweeps", ncols=2, fontsize=7.5, title_fontsize=7.5, loc="upper center")
for length, colour in ((2.0, BLUE), (5.0, GREEN), (8.0, RED)):
    exact, numbers = sweeps(length, T), np.arange(1, 37)
    found = np.array([np.max(np.linalg.norm(sweeps(length, int(n)) - exact, axis=1)) for n in numbers])
    shown = found > 1e-13
    right.semilogy(numbers[shown], found[shown], "o-", ms=3, lw=1, color=colour, label=f"time {length:g}")
    ahead = np.array([np.exp((n + 1) * np.log(length) - lgamma(n + 2)) for n in numbers])
    right.semilogy(numbers[ahead > 1e-13], ahead[ahead > 1e-13], ":", color=colour, lw=0.9)
right.set(xlabel="sweeps", title="distance from Euler's points")
right.legend()
save(figure, "picard_iteration")
