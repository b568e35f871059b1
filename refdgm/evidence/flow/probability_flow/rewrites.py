"""The probability flow, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.stepping import runge_kutta
from refdgm.flow.probability_flow import HIGH, LOW, probability_flow, unpacked
from refdgm.nets.field import Field
from refdgm.ode.tableau import TABLEAUS
from refdgm.sde.probability_flow_drift import probability_flow_drift
from refdgm.sde.sde_coefficients import sde_coefficients


@rewrite(probability_flow)
def by_drift_and_diffusion(x: Any, t0: Any, t1: Any, low: Any, high: Any, theta: Any, *, score: Any, process: str,
                           method: str, steps: int) -> Any:
    """The time of every example, a drift and a diffusion, and the velocity that is made of these."""

    def vjp(z: Any, t: Any, every: Any) -> Any:
        own = {name: entry for name, entry in every.items() if name not in (LOW, HIGH)}
        (a, g), made = sde_coefficients.body(t * np.ones(len(z)), every[LOW], every[HIGH], process=process)
        s, inner = score.vjp(z, t, own)
        f, right = probability_flow_drift.body(a[:, None] * z, s, g)

        def pullback(bar: Any, wrt: Any = ()) -> dict[str, Any]:
            b = right(bar)
            ends, network = made(np.sum(b["drift"] * z, axis=1), b["diffusion"]), inner(b["score"])
            return {"z": a[:, None] * b["drift"] + network["z"], "t": network["t"] + np.sum(ends["t"]),
                    "theta": network["theta"] | {LOW: ends["low"], HIGH: ends["high"]}}

        return f, pullback

    field = Field("flow", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)
    end, right = runge_kutta(x, t0, t1, theta | {LOW: low, HIGH: high}, field, steps, TABLEAUS[method])
    return end, lambda bar: unpacked(right(bar))


@rewrite(probability_flow)
def step_by_step(x: Any, t0: Any, t1: Any, low: Any, high: Any, theta: Any, *, score: Any, process: str, method: str,
                 steps: int) -> Any:
    """A chain of solves of one step each, on a grid (1 − n/N) t₀ + (n/N) t₁."""
    options = {"score": score, "process": process, "method": method, "steps": 1}
    share = [n / steps for n in range(steps + 1)]
    grid, chain = [(1 - w) * t0 + w * t1 for w in share], []
    for n in range(steps):
        x, right = probability_flow.body(x, grid[n], grid[n + 1], low, high, theta, **options)
        chain.append(right)

    def pullback(bar: Any) -> dict[str, Any]:
        total = {"t0": 0 * t0, "t1": 0 * t1, "low": 0 * low, "high": 0 * high}
        theta_bar = {name: 0 * entry for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            g = chain[n](bar)
            bar, u, v = g["x"], share[n], share[n + 1]
            more = {"t0": (1 - u) * g["t0"] + (1 - v) * g["t1"], "t1": u * g["t0"] + v * g["t1"],
                    "low": g["low"], "high": g["high"]}
            total = {name: y + more[name] for name, y in total.items()}
            theta_bar = {name: y + g["theta"][name] for name, y in theta_bar.items()}
        return total | {"x": bar, "theta": theta_bar}

    return x, pullback
