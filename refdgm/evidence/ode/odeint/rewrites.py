"""The solver of initial-value problems, written otherwise."""

from fractions import Fraction
from typing import Any

from refdgm.evidence.declare import rewrite
from refdgm.evidence.stepping import runge_kutta
from refdgm.ode.odeint import odeint
from refdgm.ode.tableau import TABLEAUS, Tableau


@rewrite(odeint)
def with_an_idle_stage(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The tableau with one more stage, of weight zero, and every weight written with another denominator."""
    table = TABLEAUS[method]
    idle = Tableau(
        a=(*table.a, tuple(Fraction(1, 7) for _ in table.b)),
        b=(*(Fraction(3 * b) / 3 for b in table.b), 0),
        c=(*table.c, Fraction(len(table.b), 7)),
        order=table.order,
    )
    return runge_kutta(z0, t0, t1, theta, velocity, steps, idle)


@rewrite(odeint)
def one_step_at_a_time(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """A chain of solves of one step each, on a grid (1 − n/N) t₀ + (n/N) t₁."""
    z, chain = z0, []
    share = [n / steps for n in range(steps + 1)]
    grid = [(1 - s) * t0 + s * t1 for s in share]
    for n in range(steps):
        z, right = odeint.body(
            z, grid[n], grid[n + 1], theta, velocity=velocity, method=method, steps=1
        )
        chain.append(right)

    def pullback(bar: Any) -> dict[str, Any]:
        t0_bar, t1_bar, theta_bar = 0 * t0, 0 * t1, {name: 0 * entry for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            g = chain[n](bar)
            bar = g["z0"]
            t0_bar = t0_bar + (1 - share[n]) * g["t0"] + (1 - share[n + 1]) * g["t1"]
            t1_bar = t1_bar + share[n] * g["t0"] + share[n + 1] * g["t1"]
            theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
        return {"z0": bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback
