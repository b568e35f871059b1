"""Where an error control puts the steps of the pair on the van der Pol oscillator, and what order five means.

The oscillator z″ = μ(1 − z²)z′ − z with μ = 6, from z = 2. Left: z with the grid that `odeint_adaptive` found at rtol
1e-6. Middle: the lengths of its steps: short at the two turns, long between them, where the equation is stiff and
stability holds them back. Right: the error at t = 3 of N equal steps against the evaluations of the velocity, beside
rk4; dotted: slopes of −4 and −5.
"""

from itertools import pairwise

import numpy as np
from style import BLUE, INK, RED, axes, save

from refdgm import dopri5_steps, odeint
from refdgm.nets.field import Field
from refdgm.ode.odeint_adaptive import odeint_adaptive

theta = {"mu": np.array([6.0])}


def vjp(z, t, theta):
    (x, y), mu = z.T, theta["mu"]

    def pullback(bar, wrt=("z", "t", "theta")):
        back = np.stack([-(2 * mu * x * y + 1) * bar[:, 1], bar[:, 0] + mu * (1 - x**2) * bar[:, 1]], axis=1)
        return {"z": back, "t": 0 * t, "theta": {"mu": np.sum(bar[:, 1:] * ((1 - x**2) * y)[:, None], axis=0)}}

    return np.stack([y, mu * (1 - x**2) * y - x], axis=1), pullback


oscillator = Field("van der Pol", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)
start = np.array([[2.0, 0.0]])
grid = odeint_adaptive(start, 0.0, 16.0, theta, velocity=oscillator, rtol=1e-6, atol=1e-6).times
figure, [[left, middle, right]] = axes(3, width=2.7, height=2.6)
states = [start]
for pair in pairwise(grid):
    states.append(dopri5_steps(states[-1], np.array(pair), theta, velocity=oscillator))
z, lengths = np.array(states)[:, 0, 0], np.diff(grid)
left.plot(grid, z, "-", color=BLUE, lw=0.8)
left.plot(grid, z, ".", color=INK, ms=2.5)
left.set(xlabel="$t$", title=f"$z$ and its {len(grid) - 1} steps")
middle.semilogy((grid[1:] + grid[:-1]) / 2, lengths, ".-", color=BLUE, ms=2.5, lw=0.8)
middle.set(xlabel="$t$", title="length of a step", yticks=(kept := [0.02, 0.05, 0.1]), yticklabels=map(str, kept))
middle.minorticks_off()

end = np.array(3.0)
exact = dopri5_steps(start, np.linspace(0, end, 4001), theta, velocity=oscillator)
counts = np.array([24, 48, 96, 192, 384])
for name, colour, mark, cost in (("rk4", RED, "s", 4), ("dopri5", BLUE, "o", 6)):
    errors = []
    for n in counts:
        reached = (odeint(start, np.array(0.0), end, theta, velocity=oscillator, method=name, steps=int(n)) if cost == 4
                   else dopri5_steps(start, np.linspace(0, end, n + 1), theta, velocity=oscillator))
        errors.append(np.max(abs(reached - exact)))
    right.loglog(cost * counts, errors, mark, ls="-", ms=3.5, color=colour, label=name)
    order = {"rk4": 4, "dopri5": 5}[name]
    right.loglog(cost * counts[2:], 0.5 * errors[-2] * (counts[2:] / counts[-2]) ** -order, ":", color=INK, lw=0.8)
right.set(xlabel="evaluations", title="error of equal steps")
right.legend()
save(figure, "dopri5_steps")
