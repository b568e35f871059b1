"""The flow of z_dot = θ sin z at θ = 1: the density that it makes, and the adjoint of the likelihood along
trajectories.

Lines: closed forms; marks: the package (rk4, 50 steps). Left: one should see mass move from 0 towards ±π. Right: the
adjoint a(t), dashed without the source ∇ tr J: one should see the marks on minus the score, and the dashed lines miss.
"""

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint

how = {"velocity": "theta_sin", "method": "rk4", "steps": 50}
start, theta = np.array(0.0), {"theta": np.array([1.0])}
move = lambda z, t: 2 * np.arctan(np.tan(z / 2) * np.exp(t))
normal = lambda z: np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
minus_score = lambda x, z: (z * np.sin(z) - np.cos(z) + np.cos(x)) / np.sin(x)
figure, [[left, right]] = axes(2, width=3.3, height=2.9)
x = np.linspace(-3.1, 3.1, 312)
for t, colour in [(0.0, GREY), (0.5, GREEN), (1.0, BLUE)]:
    left.plot(x, normal(move(x, -t)) * np.sin(move(x, -t)) / np.sin(x), color=colour, label=f"$t={t:g}$")
marks = np.linspace(-2.9, 2.9, 14)
left.plot(marks, np.exp(cnf_log_density_adjoint(marks[:, None], start, np.array(1.0), theta, **how)), "o", color=BLUE,
          markersize=3.5)
t = np.linspace(1e-9, 1, 101)
for z0, colour in [(0.5, BLUE), (1.0, RED), (1.5, GREEN)]:
    right.plot(t, minus_score(move(z0, t), z0), color=colour, label=f"$z_0={z0:g}$")
    right.plot(t, z0 * np.sin(z0) / np.sin(move(z0, t)), "--", color=colour, linewidth=0.9)
    for end in np.linspace(0.1, 1, 7):
        _, pullback = cnf_log_density_adjoint.vjp(move(np.array([[z0]]), end), start, np.array(end), theta, **how)
        right.plot(end, -pullback(np.ones(1))["x"], "o", color=colour, markersize=3.5)
left.set(xlabel="$x$", ylabel="$p_t(x)$", ylim=(0, 0.55))
right.set(xlabel="$t$", ylabel="adjoint $a(t)$", ylim=(-0.5, 2.7))
left.legend(loc="upper center", ncols=3, handlelength=1.2)
right.legend(loc="upper left", ncols=3, handlelength=1)
save(figure, "cnf_log_density")
