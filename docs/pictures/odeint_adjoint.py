"""The state integrated backwards where the field contracts, against the rate of contraction.

z_dot = −λ(z − 1) from z₀ = 2 over a time of 1, forwards with rk4 and back again with the same method and steps. One
should see the error of the start grow, once rounding rules it, at least as fast as eps e^λ (dotted), until nothing of
z₀ is left, which is 1 from the point of rest; with 100 steps the truncation of the method rules it before. The kept
states of a solve have none of this error. Errors of zero, which a slow contraction may have, are left out. """

import numpy as np
from style import BLUE, GREEN, GREY, RED, axes, save

from refdgm.ode.odeint import odeint

rates = np.linspace(0.5, 45, 90)


def error(rate: float, dtype: type, steps: int) -> float:
    """|z₀ found again − z₀|."""
    theta = {"A": np.array([[-rate]], dtype), "b": np.array([rate], dtype)}
    start, end, how = dtype(0), dtype(1), {"velocity": "linear", "method": "rk4", "steps": steps}
    there = odeint(np.array([[2]], dtype), np.asarray(start), np.asarray(end), theta, **how)
    return abs(float(odeint(there, np.asarray(end), np.asarray(start), theta, **how)[0, 0]) - 2)


figure, [[plot]] = axes(width=5, height=2.9)
for dtype, steps, colour in [(np.float32, 1000, GREEN), (np.float64, 100, RED), (np.float64, 1000, BLUE)]:
    errors = np.array([error(rate, dtype, steps) for rate in rates])
    plot.semilogy(rates[errors > 0], errors[errors > 0], color=colour, label=f"{dtype.__name__}, $N={steps}$")
for dtype, label in ((np.float32, "eps $e^\\lambda$ of each dtype"), (np.float64, None)):
    plot.semilogy(rates, np.finfo(dtype).eps * np.exp(rates), ":", color=GREY, linewidth=1, label=label)
plot.axhline(1, color=GREY, linewidth=0.8, label="nothing of $z_0$ left")
plot.set(xlabel="rate of contraction $\\lambda$", ylabel="error of $z_0$ found again", ylim=(1e-16, 1e8))
figure.legend(loc="outside right upper")
save(figure, "odeint_adjoint")
