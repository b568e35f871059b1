"""Solvers."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.mistakes.dormand_prince import SEVEN, on_grid
from refdgm.mistakes.stepping import backwards, runge_kutta
from refdgm.nets.field import Field
from refdgm.ode.tableau import DOPRI5, TABLEAUS, Tableau

from .rewrite import rewrite


@rewrite("residual_block")
def euler_with_step_one(z: Any, theta: Any, *, branch: Any) -> Any:
    """One step of Euler's method from 0 to 1 by the solver, with the branch as a velocity that ignores time."""

    def vjp(z: Any, t: Any, theta: Any) -> Any:
        f, right = branch.vjp(z, theta)
        return f, lambda bar, wrt=(): (g := right(bar)) and {"z": g["x"], "t": 0 * t, "theta": g["theta"]}

    velocity = Field(branch.name, ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)
    zero, one = np.zeros((), z.dtype), np.ones((), z.dtype)
    value, right = CATALOGUE["odeint"].body(z, zero, one, theta, velocity=velocity, method="euler", steps=1)
    return value, lambda bar: {"z": (g := right(bar))["z0"], "theta": g["theta"]}


@rewrite("odeint")
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


@rewrite("odeint")
def one_step_at_a_time(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """A chain of solves of one step each, on a grid (1 − n/N) t₀ + (n/N) t₁."""
    z, chain = z0, []
    share = [n / steps for n in range(steps + 1)]
    grid = [(1 - s) * t0 + s * t1 for s in share]
    for n in range(steps):
        z, right = CATALOGUE["odeint"].body(
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


@rewrite("odeint_checkpointed")
def states_every_second_step(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """Every second state alone is kept, and two steps are taken again at a time; the steps are solves of their own."""
    solve, h, kept, z = CATALOGUE["odeint"].body, (t1 - t0) / steps, {}, z0

    def one(n: int, z: Any) -> Any:
        return solve(z, t0 + n * h, t0 + (n + 1) * h, theta, velocity=velocity, method=method, steps=1)

    for n in range(steps):
        if n % 2 == 0:
            kept[n] = z
        z = one(n, z)[0]

    def pullback(bar: Any) -> dict[str, Any]:
        t0_bar, t1_bar, theta_bar = 0 * t0, 0 * t1, {name: 0 * entry for name, entry in theta.items()}
        for n in sorted(kept, reverse=True):
            z, rights = kept[n], []
            for m in range(n, min(n + 2, steps)):
                z, right = one(m, z)
                rights.append((m, right))
            for m, right in reversed(rights):
                g = right(bar)
                bar, share = g["z0"], m / steps
                t0_bar = t0_bar + (1 - share) * g["t0"] + (1 - share - 1 / steps) * g["t1"]
                t1_bar = t1_bar + share * g["t0"] + (share + 1 / steps) * g["t1"]
                theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
        return {"z0": bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback


@rewrite("odeint_running_cost")
def two_sums_side_by_side(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, cost: str, method: str, steps: int
) -> Any:
    """State and cost apart, the rates pulled back stage by stage with numbers for the weights, θ̄ from a list."""
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


@rewrite("dopri5_steps")
def with_the_seventh_stage(z0: Any, times: Any, theta: Any, *, velocity: Any) -> Any:
    """The stage of the error estimate is evaluated too and has no weight, as solvers of the pair do it."""
    return on_grid(z0, times, theta, velocity, SEVEN)


@rewrite("dopri5_steps")
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


@rewrite("odeint_adjoint")
def without_shared_code(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The same equations in a loop of its own, all gradients always computed."""
    return backwards(z0, t0, t1, theta, velocity, method, steps)


@rewrite("odeint_adjoint")
def one_augmented_state(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """State, adjoint and all parameter gradients in one flat vector, as general solvers want it, with a
    negative step."""
    z1 = CATALOGUE["odeint"].body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)[0]
    size, table = z0.size, TABLEAUS[method]

    def slope(t: Any, state: Any) -> Any:
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        f, right = velocity.vjp(z, t, theta)
        g = right(a)
        return np.concatenate([f.ravel(), -g["z"].ravel(), *(-g["theta"][name].ravel() for name in theta)])

    def pullback(bar: Any) -> dict[str, Any]:
        parameters = sum(entry.size for entry in theta.values())
        state, h = np.concatenate([z1.ravel(), bar.ravel(), np.zeros(parameters)]), (t0 - t1) / steps
        for n in range(steps):
            slopes: list[Any] = []
            for row, c in zip(table.a, table.c, strict=True):
                inner = state + sum((h * float(q) * k for q, k in zip(row, slopes, strict=True)), 0 * state)
                slopes.append(slope(t1 + (n + float(c)) * h, inner))
            state = state + h * sum(float(b) * k for b, k in zip(table.b, slopes, strict=True))
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        theta_bar, at = {}, 2 * size
        for name, entry in theta.items():
            theta_bar[name] = state[at : at + entry.size].reshape(entry.shape)
            at += entry.size
        return {
            "z0": a,
            "t0": -np.vdot(a, velocity.value(z, t0, theta)),
            "t1": np.vdot(bar, velocity.value(z1, t1, theta)),
            "theta": theta_bar,
        }

    return z1, pullback
