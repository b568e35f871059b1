"""Mistakes in Dormand and Prince's method on a grid."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.step import runge_kutta_step
from refdgm.ode.tableau import DOPRI5, DOPRI5_ERROR, Tableau

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
        z, right = runge_kutta_step(table, velocity, z, times[n], times[n + 1] - times[n], theta)
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


# Wrong equations, rightly differentiated


@mistake(dopri5_steps)
def embedded_weights(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The solution of order four is carried on: the weights of the error estimate, exchanged."""
    b = tuple(x - e for x, e in zip(SEVEN.b, DOPRI5_ERROR, strict=True))
    return on_grid(z0, times, theta, velocity, replace(SEVEN, b=b, order=4))


@mistake(dopri5_steps)
def digits_exchanged(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """9017/3186 for 9017/3168 in the last row of the table."""
    row = (Fraction(9017, 3186), *DOPRI5.a[5][1:])
    return on_grid(z0, times, theta, velocity, replace(DOPRI5, a=(*DOPRI5.a[:5], row)))


@mistake(dopri5_steps)
def sign_in_the_table(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """b₅ = +2187/6784: a minus of the table is overlooked."""
    return on_grid(z0, times, theta, velocity, replace(DOPRI5, b=(*DOPRI5.b[:4], -DOPRI5.b[4], DOPRI5.b[5])))


@mistake(dopri5_steps)
def stages_all_at_the_start(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """All stages at t_n, c = 0; right for a field without time."""
    return on_grid(z0, times, theta, velocity, replace(DOPRI5, c=(0,) * 6))


@mistake(dopri5_steps)
def equal_steps_between_the_ends(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The grid is replaced by equal steps between its ends; right for a grid of two points."""
    xp, last = namespace(z0), times.shape[0] - 1
    equal = xp.stack([times[0] + n * (times[last] - times[0]) / last for n in range(last + 1)])
    z1, right = on_grid(z0, equal, theta, velocity)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        start = sum(((last - n) * g["times"][n] / last for n in range(last + 1)), 0 * times[0])
        end = sum((n * g["times"][n] / last for n in range(last + 1)), 0 * times[0])
        return g | {"times": xp.stack([start, *[0 * times[0]] * (last - 1), end])}

    return z1, pullback


@mistake(dopri5_steps)
def last_point_missed(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The solve ends at the last but one point: as many steps as points were counted off by one."""
    xp = namespace(z0)
    z1, right = on_grid(z0, times[:-1], theta, velocity)
    return z1 + 0 * z0, lambda bar: (g := right(bar + 0 * bar)) | {"times": xp.concat([g["times"], 0 * times[-1:]])}


# The value is right, its gradient is not


@mistake(dopri5_steps, "gradient.z0", "gradient.times", "gradient.theta")
def grid_stages_not_coupled(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The stages do not hear each other: k̄_i = h b_i λ, as if every slope were given."""
    z1, _ = dopri5_steps.body(z0, times, theta, velocity=velocity)
    xp = namespace(z0)

    def pullback(bar: Array) -> dict[str, Any]:
        z, kept = z0, []
        for n in range(times.shape[0] - 1):
            t, h = times[n], times[n + 1] - times[n]
            slopes, rights = [], []
            for row, c in zip(DOPRI5.a, DOPRI5.c, strict=True):
                inner = z + h * sum((float(q) * k for q, k in zip(row, slopes, strict=True)), 0 * z)
                slope, right = velocity.vjp(inner, t + float(c) * h, theta)
                slopes.append(slope)
                rights.append(right)
            kept.append((slopes, rights, h))
            z = z + h * sum(float(b) * k for b, k in zip(DOPRI5.b, slopes, strict=True))
        points = [xp.zeros_like(times[0]) for _ in range(times.shape[0])]
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(len(kept) - 1, -1, -1):
            slopes, rights, h = kept[n]
            total = bar
            for b, slope, right in zip(DOPRI5.b, slopes, rights, strict=True):
                g = right(float(b) * h * bar)
                total, reach = total + g["z"], float(b) * xp.sum(bar * slope)
                points[n], points[n + 1] = points[n] + g["t"] - reach, points[n + 1] + reach
                theta_bar = {name: theta_bar[name] + x for name, x in g["theta"].items()}
            bar = total
        return {"z0": bar, "times": xp.stack(points), "theta": theta_bar}

    return z1, pullback


@mistake(dopri5_steps, "gradient.z0", "gradient.times", "gradient.theta")
def grid_cotangent_not_passed_on(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """Every step is pulled back with z̄₁, not with the cotangent of its own end; right for one step."""
    return on_grid(z0, times, theta, velocity, passed_on=False)


@mistake(dopri5_steps, "gradient.theta")
def parameters_of_the_first_grid_step(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """θ̄ is overwritten by every step on the way back; right for one step."""
    return on_grid(z0, times, theta, velocity, all_steps=False)


@mistake(dopri5_steps, "gradient.times")
def later_start_same_step(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """t̄_n lacks −h̄_n: as if a later start did not shorten its step."""
    return on_grid(z0, times, theta, velocity, both_ends=False)


@mistake(dopri5_steps, "gradient.times")
def stage_times_held(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """t̄_n lacks τ_n: as if the stages' times did not move with t_n; right for a field without time."""
    return on_grid(z0, times, theta, velocity, stage_times=False)


@mistake(dopri5_steps, "gradient.times")
def inner_points_held(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The ends alone receive a gradient, as of an adaptive solver with its grid held; nearly right for short steps."""
    xp = namespace(z0)
    z1, right = dopri5_steps.body(z0, times, theta, velocity=velocity)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"times": xp.concat([g["times"][:1], 0 * g["times"][1:-1], g["times"][-1:]])}

    return z1, pullback
