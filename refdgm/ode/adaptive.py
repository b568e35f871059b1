"""Adaptive steps: a grid found by error control, and the solve on it. Its path depends on data, so it is no reference.

What is certified is `dopri5_steps` on a grid that is given; this driver finds one.
"""

from typing import Any, NamedTuple

from refdgm.errors import ArgumentError
from refdgm.namespace import Array, namespace
from refdgm.nets.field import VELOCITIES, Field, Pullback
from refdgm.ode.dormand_prince import dopri5_steps
from refdgm.ode.step import times as scaled
from refdgm.ode.step import weighted
from refdgm.ode.tableau import DOPRI5, DOPRI5_ERROR

MOST = 5  # times longer or shorter than the step before
FINEST = 16  # units of roundoff of t: a shorter step is no progress


class AdaptiveSolve(NamedTuple):
    """`value` and `pullback` are those of `dopri5_steps` on `times`, the grid that was found."""

    value: Array
    times: Array
    pullback: Pullback
    rejected: int


def odeint_adaptive(
    z0: Array, t0: Any, t1: Any, theta: dict[str, Array], *, velocity: Field | str, rtol: float, atol: float,
    most_steps: int = 10000,
) -> AdaptiveSolve:
    """Dormand and Prince's pair with its step size controlled, from t₀ to t₁ in either direction.

        e = h Σ_i (b_i − b̂_i) k_i,   w = atol + rtol max(|z_n|, |z_{n+1}|)   (1)
        ε = max |e/w| over examples and components; accepted if ε ≤ 1        (2)
        h ← h min(5, max(1/5, 0.9 ε^{−1/5})), not longer right after a rejection     (3)

    One step size serves the batch, and no example's error hides behind the others': a batch takes the steps of its
    hardest example. The solution of order five is carried on. `pullback(z1_bar, wrt=…)` is that of `dopri5_steps`
    on the accepted grid, cotangents of z0, times and theta: the derivative with the grid held, for acceptance
    jumps. Of the cotangent of times the first entry is then t̄₀ and the last t̄₁.
    Every attempt waits for the device once; the value is computed again on the grid that was found.
    Source: Dormand & Prince (1980); Hairer, Nørsett & Wanner, Solving ODEs I, II.4, for (1–3) and the first step.
    """
    xp, start, end = namespace(z0), float(t0), float(t1)
    for name, x in (("t0", start), ("t1", end)):
        if x - x != 0:
            raise ArgumentError(f"{name} must be finite, got {x}; a solve takes finitely many steps")
    for name, x in (("rtol", rtol), ("atol", atol)):
        if not 0 < x < float("inf"):
            raise ArgumentError(f"{name} must be positive and finite, got {x}; choose a tolerance")
    if type(most_steps) is not int or most_steps < 1:
        raise ArgumentError(f"most_steps must be a whole number of at least 1, got {most_steps!r}; pass a Python int")
    ends = xp.asarray([start, end], dtype=z0.dtype, device=z0.device)
    dopri5_steps.check(z0, ends, theta, velocity=velocity)
    roundoff = float(xp.finfo(z0.dtype).eps)
    if rtol < FINEST * roundoff:
        raise ArgumentError(f"rtol must be at least {FINEST * roundoff} for {z0.dtype}, got {rtol}; use a wider dtype")
    field = VELOCITIES[velocity] if isinstance(velocity, str) else velocity
    points, rejected = accepted_grid(z0, start, end, theta, field, rtol, atol, most_steps, FINEST * roundoff)
    times = xp.asarray(points, dtype=z0.dtype, device=z0.device)
    value, pullback = dopri5_steps.vjp(z0, times, theta, velocity=field)
    return AdaptiveSolve(value, times, pullback, rejected)


def accepted_grid(
    z: Array, start: float, end: float, theta: dict[str, Array], velocity: Field, rtol: float, atol: float,
    most_steps: int, finest: float,
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
    h = first_step(velocity, z, at(start), theta, first, sign * abs(end - start), rtol, atol)
    while grid[-1] != end:
        t = grid[-1]
        left = abs(end - t)
        if len(grid) + rejected > most_steps:
            raise ArgumentError(f"most_steps must be larger, or rtol and atol, got {most_steps}: they reached {t} from "
                                f"{start} towards {end}; a stiff equation needs an implicit method")
        if not h > finest * abs(t):
            raise ArgumentError(f"velocity must be smooth, got a step of {h} at t = {t}; the solution is singular "
                                "there, the equation stiff, or the tolerance below its rounding errors")
        h = left if h * 101 / 100 >= left else min(h, left / 2)  # no last step that is a tiny one
        after = end if h == left else t + sign * h
        reached, error, last = attempt(velocity, z, at(t), at(after), theta, first)
        ratio = largest(error, z, reached, rtol, atol)                        # (2)
        if ratio <= 1:
            grid.append(after)
            z, first, h, longer = reached, last, h * min(longer, change(ratio)), float(MOST)
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


def largest(error: Array, z: Array, other: Array, rtol: float, atol: float) -> float:
    """max |e/w|: the one number that is read from the device."""
    xp = namespace(z)
    return float(xp.max(xp.abs(error) / (atol + rtol * xp.maximum(xp.abs(z), xp.abs(other)))))


def change(ratio: float) -> float:
    """0.9 ε^{−1/5} between 1/5 and 5; the shortest if ε is no number."""
    if not ratio < float("inf"):
        return 1 / MOST
    return min(MOST, max(1 / MOST, ratio ** (-1 / DOPRI5.order) * 9 / 10)) if ratio else MOST       # (3)


def first_step(
    velocity: Field, z: Array, t: Array, theta: dict[str, Array], slope: Array, span: float, rtol: float, atol: float
) -> float:
    """Hairer, Nørsett & Wanner: so short that a term of order five, guessed from two slopes, is a hundredth of w."""
    size, rate = (largest(x, z, z, rtol, atol) for x in (z, slope))
    if not rate < float("inf"):
        raise ArgumentError("velocity must be finite at the start, got NaN or infinities; check z0, theta and rtol")
    h = size / rate / 100 if size * rate > 0 else abs(span) / 100
    h = min(h, abs(span) / 100) if h > 0 else abs(span) / 100
    signed = h if span > 0 else -h
    bend = largest(velocity.value(z + signed * slope, t + signed, theta) - slope, z, z, rtol, atol) / h
    steepest = max(rate, bend)
    guess = (steepest * 100) ** (-1 / DOPRI5.order) if 0 < steepest < float("inf") else h
    return min(100 * h, guess, abs(span))
