"""Mistakes in Dormand and Prince's method on a grid."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.stepping import SEVEN, on_grid, skipping_step
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.step import added
from refdgm.ode.tableau import DOPRI5, DOPRI5_ERROR, Tableau

Theta = dict[str, Array]


# Wrong equations, rightly differentiated


@mistake(dopri5_steps)
def embedded_weights(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The solution of order four is carried on: the weights of the error estimate, exchanged."""
    pairs: Any = zip(SEVEN.b, DOPRI5_ERROR, strict=True)
    b = tuple(x - e for x, e in pairs)
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
    """The stages do not hear each other: k_bar_i = h b_i λ, as if every slope were given."""
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
    """Every step is pulled back with z_bar₁, not with the cotangent of its own end; right for one step."""
    return on_grid(z0, times, theta, velocity, passed_on=False)


@mistake(dopri5_steps, "gradient.theta")
def parameters_of_the_first_grid_step(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """θ_bar is overwritten by every step on the way back; right for one step."""
    return on_grid(z0, times, theta, velocity, all_steps=False)


@mistake(dopri5_steps, "gradient.times")
def later_start_same_step(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """t_bar_n lacks −h_bar_n: as if a later start did not shorten its step."""
    return on_grid(z0, times, theta, velocity, both_ends=False)


@mistake(dopri5_steps, "gradient.times")
def stage_times_held(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """t_bar_n lacks τ_n: as if the stages' times did not move with t_n; right for a field without time."""
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


CASH_KARP = Tableau(
    a=(
        (),
        (Fraction(1, 5),),
        (Fraction(3, 40), Fraction(9, 40)),
        (Fraction(3, 10), Fraction(-9, 10), Fraction(6, 5)),
        (Fraction(-11, 54), Fraction(5, 2), Fraction(-70, 27), Fraction(35, 27)),
        (Fraction(1631, 55296), Fraction(175, 512), Fraction(575, 13824), Fraction(44275, 110592), Fraction(253, 4096)),
    ),
    b=(Fraction(37, 378), 0, Fraction(250, 621), Fraction(125, 594), 0, Fraction(512, 1771)),
    c=(0, Fraction(1, 5), Fraction(3, 10), Fraction(3, 5), 1, Fraction(7, 8)),
    order=5,
)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dopri5_steps, blind=True)
def cash_karp_table(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The table of Cash and Karp, also of order five with six stages: other numbers by a term of order six."""
    return on_grid(z0, times, theta, velocity, CASH_KARP)


@mistake(dopri5_steps, blind=True)
def grid_sorted(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The grid is sorted before the solve, so that a descending one is walked upwards."""
    xp = namespace(z0)
    order = xp.argsort(times)
    z1, right = dopri5_steps.body(z0, xp.take(times, order), theta, velocity=velocity)
    return z1, lambda bar: (g := right(bar)) | {"times": xp.take(g["times"], xp.argsort(order))}


@mistake(dopri5_steps, "gradient.z0", "gradient.times", "gradient.theta", blind=True)
def second_stage_skipped(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The second stage, whose weight b₂ is zero, is passed over on the way back, though later stages use it."""
    xp = namespace(z0)
    z, rights, points = 1 * z0, [], times.shape[0]
    for n in range(points - 1):
        z, right = skipping_step(DOPRI5, velocity, z, times[n], times[n + 1] - times[n], theta)
        rights.append(right)

    def pullback(bar: Array) -> dict[str, Any]:
        z_bar, grid_bar = 1 * bar, [xp.zeros_like(times[n]) for n in range(points)]
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(points - 2, -1, -1):
            g = rights[n](z_bar)
            z_bar, theta_bar = g["z"], added(theta_bar, g["theta"])
            grid_bar[n + 1] = grid_bar[n + 1] + g["h"]
            grid_bar[n] = grid_bar[n] + g["t"] - g["h"]
        return {"z0": z_bar, "times": xp.stack(grid_bar) if points else xp.zeros_like(times), "theta": theta_bar}

    return z, pullback


@mistake(dopri5_steps, "gradient.times", blind=True)
def times_gradient_reversed(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The gradient of the grid is in the order of the way back, from the last point to the first."""
    xp = namespace(z0)
    z1, right = dopri5_steps.body(z0, times, theta, velocity=velocity)
    return z1, lambda bar: (g := right(bar)) | {"times": xp.flip(g["times"], axis=0)}
