"""The solver with a running cost, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.ode.odeint_running_cost import odeint_running_cost
from refdgm.ode.tableau import TABLEAUS


@rewrite(odeint_running_cost)
def two_sums_side_by_side(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, cost: str, method: str, steps: int
) -> Any:
    """State and cost apart, the rates pulled back stage by stage with numbers for the weights, θ_bar from a list."""
    table, h, z, total, kept = TABLEAUS[method], (t1 - t0) / steps, z0, np.zeros_like(z0[:, 0]), []
    b, c = [float(x) for x in table.b], [float(x) for x in table.c]
    a = [[float(x) for x in row] for row in table.a]
    for n in range(steps):
        ys, ks, rights = [], [], []
        for row, node in zip(a, c, strict=True):
            ys.append(z + h * sum((q * k for q, k in zip(row, ks, strict=True)), 0 * z))
            k, right = velocity.vjp(ys[-1], t0 + (n + node) * h, theta)
            ks.append(k)
            rights.append(right)
        kept.append((ys, ks, rights))
        rates = [np.sum((k if cost == "kinetic" else y) ** 2, axis=1) / 2 for y, k in zip(ys, ks, strict=True)]
        z = z + h * sum(w * k for w, k in zip(b, ks, strict=True))
        total = total + h * sum(w * r for w, r in zip(b, rates, strict=True))

    def pullback(bar: Any, cost_bar: Any) -> dict[str, Any]:
        t0_bar, t1_bar, found = 0 * t0, 0 * t1, []
        for n in range(steps - 1, -1, -1):
            ys, ks, rights = kept[n]
            inner: list[Any] = [0 * z0 for _ in b]
            t_bar, h_bar = 0 * t0, 0 * t0
            for i in range(len(b) - 1, -1, -1):
                share, k = h * b[i] * cost_bar[:, None], ks[i]
                k_bar = h * (b[i] * bar + sum((a[j][i] * inner[j] for j in range(i + 1, len(b))), 0 * z0))
                g = rights[i](k_bar + share * k if cost == "kinetic" else k_bar)
                inner[i] = g["z"] if cost == "kinetic" else g["z"] + share * ys[i]
                found.append(g["theta"])
                rated = k if cost == "kinetic" else ys[i]
                moved = sum((q * each for q, each in zip(a[i], ks, strict=False)), 0 * z0)
                h_bar = h_bar + b[i] * np.vdot(bar, k) + b[i] * np.vdot(cost_bar, np.sum(rated**2, axis=1) / 2)
                h_bar = h_bar + np.vdot(inner[i], moved) + c[i] * g["t"]
                t_bar = t_bar + g["t"]
            bar = bar + sum(inner)
            t0_bar, t1_bar = t0_bar + (1 - n / steps) * t_bar - h_bar / steps, t1_bar + (h_bar + n * t_bar) / steps
        return {"z0": bar, "t0": t0_bar, "t1": t1_bar, "theta": {e: sum(g[e] for g in found) for e in theta}}

    return (z, total), pullback
