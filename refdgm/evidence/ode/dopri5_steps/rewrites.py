"""The steps of Dormand and Prince, written otherwise."""

from itertools import pairwise
from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.stepping import SEVEN, on_grid, runge_kutta
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.tableau import DOPRI5


@rewrite(dopri5_steps)
def with_the_seventh_stage(z0: Any, times: Any, theta: Any, *, velocity: Any) -> Any:
    """The stage of the error estimate is evaluated too and has no weight, as solvers of the pair do it."""
    return on_grid(z0, times, theta, velocity, SEVEN)


@rewrite(dopri5_steps)
def one_grid_interval_at_a_time(z0: Any, times: Any, theta: Any, *, velocity: Any) -> Any:
    """Every interval as a solve of one equal step from its start to its end, by another loop."""
    z, chain = z0, []
    for start, end in pairwise(times):
        z, right = runge_kutta(z, np.asarray(start), np.asarray(end), theta, velocity, 1, DOPRI5)
        chain.append(right)

    def pullback(bar: Any) -> dict[str, Any]:
        points, theta_bar = np.zeros_like(times), {name: 0 * entry for name, entry in theta.items()}
        for n, right in reversed(list(enumerate(chain))):
            g = right(bar)
            bar = g["z0"]
            points[n] += g["t0"]
            points[n + 1] += g["t1"]
            theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
        return {"z0": bar, "times": points, "theta": theta_bar}

    return z, pullback
