"""Adaptive steps: a grid found by error control, and the solve on it. Its path depends on data, so it is no reference.

What is certified is `dopri5_steps` on a grid that is given; this driver finds one.
"""

from typing import Any, NamedTuple

from refdgm.boundary.structure import dtype_name, is_array, told
from refdgm.errors import ArgumentError, DTypeError
from refdgm.namespace import Array, Pullback, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.step import times as scaled
from refdgm.ode.step import weighted
from refdgm.ode.step_size import MOST, Tolerance, change, first_step
from refdgm.ode.tableau import DOPRI5, DOPRI5_ERROR

FINEST = 16  # units of roundoff of t: a shorter step is no progress, a smaller rtol below rounding


class AdaptiveSolve(NamedTuple):
    """`value` and `pullback` are those of `dopri5_steps` on `times`, the grid that was found."""

    value: Array
    times: Array
    pullback: Pullback
    rejected: int


def odeint_adaptive(
    z0: Array, t0: Any, t1: Any, theta: dict[str, Array], *, velocity: Field | str, rtol: Any, atol: Any,
    most_steps: int = 10000,
) -> AdaptiveSolve:
    """Dormand and Prince's pair with its step size controlled, from t₀ to t₁ in either direction.

        e = h Σ_i (b_i − b_hat_i) k_i,   w = atol + rtol max(|z_n|, |z_{n+1}|)       (1)
        ε = max |e/w| over examples and components; accepted if ε ≤ 1                (2)
        h ← h min(5, max(1/5, 0.9 ε^{−1/5})), not longer right after a rejection     (3)

    The last two steps share what is left; no step is shorter than sixteen roundings of t, unless the span is.
    One step size serves the batch, and no example's error hides behind the others': a batch takes the steps of its
    hardest example. The solution of order five is carried on. `pullback(z1_bar, wrt=…)` is that of `dopri5_steps`
    on the accepted grid, cotangents of z0, times and theta: the derivative with the grid held, for acceptance
    jumps. Of the cotangent of times the first entry is then t_bar₀ and the last t_bar₁.
    Every attempt waits for the device once; the value is computed again on the grid that was found.
    Source: Dormand & Prince (1980); Hairer, Nørsett & Wanner, Solving ODEs I, II.4, for (1–3) and the first step.
    """
    if not is_array(z0) or dtype_name(z0) not in ("float32", "float64"):
        what = dtype_name(z0) if is_array(z0) else told(z0)
        raise DTypeError(f"z0 must be an array of float32 or float64, got {what}; convert it: steps are controlled to "
                         "more digits than a half has")
    if type(most_steps) is not int or most_steps < 1:
        raise ArgumentError(f"most_steps must be a whole number of at least 1, got {most_steps!r}; pass a Python int")
    xp = namespace(z0)
    info = xp.finfo(z0.dtype)
    huge, tiny, finest = float(info.max), float(info.smallest_normal), FINEST * float(info.eps)
    start, end = number("t0", t0, -huge, huge, z0), number("t1", t1, -huge, huge, z0)
    number("t1 - t0", end - start, -huge, huge, z0)
    allowed = Tolerance(number("rtol", rtol, finest, huge, z0), number("atol", atol, tiny, huge, z0), finest, tiny)
    dopri5_steps.validate(z0, xp.asarray([start, end], dtype=z0.dtype, device=z0.device), theta, velocity=velocity)
    field = VELOCITIES[velocity] if isinstance(velocity, str) else velocity
    points, rejected = accepted_grid(z0, start, end, theta, field, allowed, most_steps)
    times = xp.asarray(points, dtype=z0.dtype, device=z0.device)
    value, pullback = dopri5_steps.vjp(z0, times, theta, velocity=field)
    return AdaptiveSolve(value, times, pullback, rejected)


def number(name: str, x: Any, least: float, most: float, z: Array) -> float:
    """A Python number or an array without axes, in the range of the dtype."""
    try:
        found = float(x)
    except (TypeError, ValueError):
        raise ArgumentError(f"{name} must be a number or an array without axes, got {told(x)}; pass one") from None
    if not least <= found <= most:
        raise ArgumentError(f"{name} must be from {least} to {most} for {dtype_name(z)}, got {found}; choose another, "
                            "or a wider dtype")
    return found


def accepted_grid(
    z: Array, start: float, end: float, theta: dict[str, Array], velocity: Field, allowed: Tolerance, most_steps: int
) -> tuple[list[float], int]:
    """The points of the accepted steps, and how many were rejected."""
    xp = namespace(z)

    def at(t: float) -> Array:
        return xp.asarray(t, dtype=z.dtype, device=z.device)

    grid, rejected = [start], 0
    if start == end or 0 in z.shape:
        return [start, end], 0
    sign = 1 if end > start else -1
    first, longer = velocity.value(z, at(start), theta), float(MOST)
    h = first_step(velocity, z, at(start), theta, first, end - start, allowed)
    while grid[-1] != end:
        t = grid[-1]
        left = abs(end - t)
        if len(grid) + rejected > most_steps:
            raise ArgumentError(f"most_steps must be larger, or rtol and atol, got {most_steps}: they reached {t} from "
                                f"{start} towards {end}; a stiff equation needs an implicit method")
        shortest = min(allowed.shortest(t), left)
        if longer < MOST and h < shortest:  # what was rejected cannot be halved any more
            raise ArgumentError(f"velocity must be smooth, got a step of {h} at t = {t}; the solution is singular "
                                "there, the equation stiff, or the tolerance below its rounding errors")
        h = max(h, shortest)
        h = left if h * 101 / 100 >= left else min(h, left / 2)  # no last step that is a tiny one
        after = end if h == left else t + sign * h
        reached, error, last = attempt(velocity, z, at(t), at(after), theta, first)
        ratio = allowed.largest(error, z, reached)                            # (2)
        if ratio <= 1:
            grid.append(after)
            z, first, h, longer = reached, last, h * min(longer, change(ratio)), float(MOST)            # (3)
        else:
            h, longer, rejected = h * min(1, change(ratio)), 1.0, rejected + 1
    return grid, rejected


def attempt(
    velocity: Field, z: Array, t: Array, after: Array, theta: dict[str, Array], first: Array
) -> tuple[Array, Array, Array]:
    """(z_{n+1}, e, its slope): the slope at the start is the last of the step before."""
    h, slopes = after - t, [first]
    for row, c in zip(DOPRI5.a[1:], DOPRI5.c[1:], strict=True):
        slopes.append(velocity.value(weighted(z, h, row, slopes), t + scaled(h, c), theta))
    reached = weighted(z, h, DOPRI5.b, slopes)
    slopes.append(velocity.value(reached, after, theta))
    return reached, weighted(namespace(z).zeros_like(z), h, DOPRI5_ERROR, slopes), slopes[-1]       # (1)
