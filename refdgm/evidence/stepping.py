"""Runge–Kutta steps and adjoints with parts to take out: what the mistakes of solvers are made of."""

from fractions import Fraction
from typing import Any

from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.odeint import odeint
from refdgm.ode.step import added, equal_steps, runge_kutta_step, step_of, times, weighted
from refdgm.ode.tableau import DOPRI5, TABLEAUS, Tableau


def one_step(
    table: Tableau, velocity: Field, z: Array, t: Array, h: Array, theta: dict[str, Array]
) -> tuple[Array, Pullback]:
    """The step of `odeint`, by any tableau."""
    return runge_kutta_step(step_of(table, h), step_of(table, namespace(h).ones_like(h)), velocity, z, t, theta)


def runge_kutta(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], velocity: Field, steps: int, table: Tableau,
    coupled: bool = True, stage_steps: bool = True, stage_times: bool = True, all_stages: bool = True,
) -> Any:
    """As `odeint` with any tableau, and a pullback that may forget: the coupling of the stages, the step
    inside the stages or inside their times, and the parameters of all stages but the last of each step."""
    xp = namespace(z0)
    h = (t1 - t0) / steps
    z, kept = z0, []
    for n in range(steps):
        slopes, pullbacks = [], []
        for row, c in zip(table.a, table.c, strict=True):
            slope, stage = velocity.vjp(weighted(z, h, row, slopes), t0 + n * h + times(h, c), theta)
            slopes.append(slope)
            pullbacks.append(stage)
        z = weighted(z, h, table.b, slopes)
        kept.append((slopes, pullbacks))

    def pullback(bar: Array) -> dict[str, Any]:
        t0_bar, t1_bar = xp.zeros_like(t0), xp.zeros_like(t1)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        one, last = xp.ones_like(t0), len(table.b) - 1
        for n in range(steps - 1, -1, -1):
            slopes, pullbacks = kept[n]
            inner: list[Any] = [None] * len(slopes)
            t_bar, h_bar, total = xp.zeros_like(t0), xp.zeros_like(t0), bar
            for i in range(last, -1, -1):
                k_bar = times(h, table.b[i]) * bar
                for j in range(i + 1, last + 1):
                    if coupled:
                        k_bar = k_bar + times(h, table.a[j][i]) * inner[j]
                g = pullbacks[i](k_bar)
                inner[i] = g["z"]
                total = total + g["z"]
                t_bar = t_bar + g["t"]
                h_bar = h_bar + times(one, table.b[i]) * xp.sum(bar * slopes[i])
                if stage_steps:
                    h_bar = h_bar + xp.sum(g["z"] * weighted(xp.zeros_like(z0), one, table.a[i], slopes))
                if stage_times:
                    h_bar = h_bar + times(g["t"], table.c[i])
                if all_stages or i == last:
                    theta_bar = {name: theta_bar[name] + entry for name, entry in g["theta"].items()}
            bar = total
            moved = (h_bar + n * t_bar) / steps
            t0_bar, t1_bar = t0_bar + t_bar - moved, t1_bar + moved
        return {"z0": bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback


def by_steps(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], velocity: Field, method: str, steps: int,
    passed_on: bool = True, all_steps: bool = True, moving_grid: bool = True,
) -> Any:
    """As `odeint`, by solves of one step each, and a pullback that may forget: to pass the cotangent on from
    step to step, the parameters of all steps but the last, and that t_n = t₀ + n h moves with h."""
    xp = namespace(z0)
    h = (t1 - t0) / steps
    z, chain = z0, []
    for n in range(steps):
        t = t0 + n * h
        z, step = odeint.body(z, t, t + h, theta, velocity=velocity, method=method, steps=1)
        chain.append(step)

    def pullback(bar: Array) -> dict[str, Any]:
        z_bar, t0_bar, t1_bar = bar, xp.zeros_like(t0), xp.zeros_like(t1)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            g = chain[n](z_bar if passed_on else bar)
            z_bar, h_bar, t_bar = g["z0"], g["t1"], g["t0"] + g["t1"]
            moved = (h_bar + n * t_bar if moving_grid else h_bar) / steps
            t0_bar, t1_bar = t0_bar + t_bar - moved, t1_bar + moved
            if all_steps or n == steps - 1:
                theta_bar = {name: theta_bar[name] + entry for name, entry in g["theta"].items()}
        return {"z0": z_bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback


def backwards(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], velocity: Field, method: str, steps: int,
    sign: int = 1, moving: int = 1, reverse: bool = True, quadrature: bool = True,
) -> Any:
    """As `odeint_adjoint`, with the sign of a_dot, whether z moves, whether time runs back, and whether θ_bar is
    integrated by the method or from the first stage of each step."""
    xp = namespace(z0)
    table = TABLEAUS[method]
    z1, _ = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    h = (t1 - t0) / steps

    def pullback(bar: Array) -> dict[str, Any]:
        z, a = z1, bar
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        for n in range(steps):
            fs, slopes, thetas = [], [], []
            for row, c in zip(table.a, table.c, strict=True):
                passed = n * h + times(h, c)
                t = t1 - passed if reverse else t0 + passed
                f, stage = velocity.vjp(weighted(z, -h, row, fs), t, theta)
                g = stage(weighted(a, -h, row, slopes))
                fs.append(moving * f)
                slopes.append(-sign * g["z"])
                thetas.append(g["theta"])
            z, a = weighted(z, -h, table.b, fs), weighted(a, -h, table.b, slopes)
            theta_bar = {
                name: weighted(entry, h, table.b if quadrature else (1,), [slope[name] for slope in thetas])
                for name, entry in theta_bar.items()
            }
        return {
            "z0": a,
            "t0": -xp.sum(a * velocity.value(z, t0, theta)),
            "t1": xp.sum(bar * velocity.value(z1, t1, theta)),
            "theta": theta_bar,
        }

    return z1, pullback


third = Fraction(1, 3)
eighth = Fraction(1, 8)
THREE_EIGHTHS = Tableau(
    a=((), (third,), (-third, 1), (1, -1, 1)),
    b=(eighth, 3 * eighth, 3 * eighth, eighth),
    c=(0, third, 2 * third, 1),
    order=4,
)
Theta = dict[str, Array]
SEVEN = Tableau(a=(*DOPRI5.a, DOPRI5.b), b=(*DOPRI5.b, 0), c=(*DOPRI5.c, 1), order=5)


def on_grid(
    z0: Array, times: Array, theta: Theta, velocity: Field, table: Tableau = DOPRI5,
    passed_on: bool = True, all_steps: bool = True, both_ends: bool = True, stage_times: bool = True,
) -> Any:
    """As `dopri5_steps` with any tableau, and a pullback that may forget: to pass the cotangent on, the parameters
    of all steps but the first, that a later start is a shorter step, that the stages' times move with t."""
    xp = namespace(z0)
    z, rights, count = z0, [], times.shape[0] - 1
    for n in range(count):
        z, right = one_step(table, velocity, z, times[n], times[n + 1] - times[n], theta)
        rights.append(right)

    def pullback(bar: Array) -> dict[str, Any]:
        z_bar, points = bar, [xp.zeros_like(times[0]) for _ in range(count + 1)]
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(count - 1, -1, -1):
            g = rights[n](z_bar if passed_on else bar)
            z_bar = g["z"]
            points[n + 1] = points[n + 1] + g["h"]
            points[n] = points[n] + (g["t"] if stage_times else 0 * g["t"]) - (g["h"] if both_ends else 0 * g["h"])
            if all_steps or n == 0:
                theta_bar = {name: theta_bar[name] + x for name, x in g["theta"].items()}
        return {"z0": z_bar, "times": xp.stack(points), "theta": theta_bar}

    return z, pullback


def single(x: Array, like: Array) -> Array:
    """x rounded to float32, in the dtype of `like`."""
    xp = namespace(like)
    return xp.asarray(xp.asarray(x, dtype=xp.float32), dtype=like.dtype)


def skipping_step(
    table: Tableau, velocity: Field, z: Array, t: Array, h: Array, theta: Theta
) -> tuple[Array, Pullback]:
    """As `runge_kutta_step`, with a pullback that passes over the stages of weight zero."""
    xp = namespace(z)
    slopes, rights = [], []
    for row, c in zip(table.a, table.c, strict=True):
        slope, right = velocity.vjp(weighted(z, h, row, slopes), t + times(h, c), theta)
        slopes.append(slope)
        rights.append(right)

    def pullback(bar: Array, wrt: tuple[str, ...] = ()) -> dict[str, Any]:
        heard = [i for i in range(len(slopes)) if table.b[i]]
        inner, one, total = [xp.zeros_like(z) for _ in slopes], xp.ones_like(h), bar
        t_bar, h_bar, theta_bar = xp.zeros_like(h), xp.zeros_like(h), {}
        for i in reversed(heard):
            later = [(table.a[j][i], inner[j]) for j in heard if j > i]
            k_bar = weighted(times(h, table.b[i]) * bar, h, [q for q, _ in later], [y for _, y in later])
            g = rights[i](k_bar)
            inner[i], total, t_bar = g["z"], total + g["z"], t_bar + g["t"]
            moved = weighted(xp.zeros_like(z), one, table.a[i], slopes)
            h_bar = h_bar + times(one, table.b[i]) * xp.sum(bar * slopes[i]) + xp.sum(g["z"] * moved)
            h_bar = h_bar + times(g["t"], table.c[i])
            theta_bar = added(theta_bar, g["theta"])
        return {"z": total, "t": t_bar, "h": h_bar, "theta": theta_bar}

    return weighted(z, h, table.b, slopes), pullback


def rectangles(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> tuple[Array, Pullback]:
    """As `odeint`, with Euler's steps for the last component of the state; the velocity does not look at it."""
    xp = namespace(z0)
    h, state, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        path, path_right = one_step(TABLEAUS[method], velocity, state, t0 + n * h, h, theta)
        rate, rate_right = one_step(TABLEAUS["euler"], velocity, state, t0 + n * h, h, theta)
        state = xp.concat([path[:, :-1], rate[:, -1:]], axis=1)
        kept.append((path_right, rate_right))

    def step(n: int) -> Pullback:
        def pullback(bar: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
            path = kept[n][0](xp.concat([bar[:, :-1], xp.zeros_like(bar[:, -1:])], axis=1), wrt=wrt)
            rate = kept[n][1](xp.concat([xp.zeros_like(bar[:, :-1]), bar[:, -1:]], axis=1), wrt=wrt)
            both = {name: path[name] + rate[name] for name in ("z", "t", "h")}
            return both | {"theta": added(path["theta"], rate["theta"])}

        return pullback

    return state, equal_steps(step, steps, t0)
