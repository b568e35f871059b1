"""Two gradients of one solve, against the number of steps.

z_dot = θ sin z from z₀ = 1 over a time of 2 at θ = 0.8, where the flow's own gradient is known: ∂z(T)/∂θ = T sin z(T).
Left: how far the derivative of the solver (solid) and the continuous adjoint (dashed, large open marks) are from it;
right: how far they are from each other. One should see lines of slope −1, −2, −2, −4 on the left: both tend to the
flow. On the right they are not equal; Heun's two happen to share their leading error here, so that its dashed line is
behind the solid one, and its slope on the right is −3.
"""

import numpy as np
from style import BLUE, GREEN, GREY, INK, RED, axes, save

from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint

z0, T, rate = 1.0, 2.0, 0.8
flow = T * np.sin(2 * np.arctan(np.tan(z0 / 2) * np.exp(rate * T)))
steps = 2 ** np.arange(2, 9)


def gradient(solve, method: str) -> np.ndarray:
    """∂z(T)/∂θ for every number of steps."""
    theta, ends = {"theta": np.array([rate])}, (np.array(0.0), np.array(T))
    how = {"velocity": "theta_sin", "method": method}
    solves = [solve.vjp(np.array([[z0]]), *ends, theta, **how, steps=int(n)) for n in steps]
    return np.array([pullback(np.ones((1, 1)))["theta"]["theta"][0] for _, pullback in solves])


figure, [[left, right]] = axes(2, width=3.8, height=2.9)
for method, colour, mark in [("euler", BLUE, "o"), ("heun", RED, "s"), ("midpoint", GREEN, "^"), ("rk4", INK, "D")]:
    solver, adjoint = gradient(odeint, method), gradient(odeint_adjoint, method)
    left.loglog(steps, abs(solver - flow), "-", color=colour, marker=mark, markersize=3.5, label=method)
    left.loglog(steps, abs(adjoint - flow), "--", color=colour, marker=mark, markersize=7, fillstyle="none", mew=0.8)
    right.loglog(steps, abs(solver - adjoint), "-", color=colour, marker=mark, markersize=3.5)
left.set(xlabel="steps $N$", ylabel="error of $\\bar\\theta$", title="distance to the flow's gradient")
right.set(xlabel="steps $N$", title="distance to each other")
left.plot([], [], "-", color=GREY, marker="o", markersize=3.5, label="of the solver")
left.plot([], [], "--", color=GREY, marker="o", markersize=7, fillstyle="none", mew=0.8, label="adjoint")
figure.legend(loc="outside right upper")
save(figure, "odeint")
