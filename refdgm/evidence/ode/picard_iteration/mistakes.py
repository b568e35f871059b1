"""Mistakes in Picard's iteration."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.picard_iteration import picard_iteration

Theta = dict[str, Array]
PICARD = picard_iteration.body


def iterated(
    z0: Array, times: Array, h: Array, theta: Theta, velocity: Field, sweeps: int,
    lag: int = 0, onto_the_last: bool = False, asked: Any = None, through: int | None = None,
) -> Any:
    """As `picard_iteration`, with sums that end `lag` steps too early, added to the last iterate and not to z₀, f asked
    at the time `asked(m)`; only the last `through` sweeps are differentiated."""
    xp, steps = namespace(z0), times.shape[0]
    asked = asked or (lambda m: m)
    points, kept = [z0] * (steps + 1), []
    for _ in range(sweeps):
        slopes = [velocity.vjp(points[m], times[asked(m)], theta) for m in range(steps)]
        starts = points if onto_the_last else [z0] * (steps + 1)
        total, sums = 0 * z0, [0 * z0]
        for m in range(steps):
            total = total + h[m] * slopes[m][0]
            sums.append(total)
        points = [starts[n] + sums[max(n - lag, 0)] for n in range(steps + 1)]
        kept.append(slopes)

    def pullback(bar: Array) -> dict[str, Any]:
        z0_bar, zero = xp.zeros_like(z0), xp.zeros_like(xp.sum(h))
        times_bars, h_bars = [zero] * steps, [zero] * steps
        theta_bar = {name: 0 * entry for name, entry in theta.items()}
        bars = [0 * z0, *(bar[:, n, :] for n in range(steps))]
        for slopes in list(reversed(kept))[:through]:
            before = list(bars) if onto_the_last else [0 * z0] * (steps + 1)
            z0_bar = z0_bar if onto_the_last else z0_bar + sum(bars)
            for m in range(steps):
                later = sum(bars[m + 1 + lag:], 0 * z0)
                g = slopes[m][1](h[m] * later)
                before[m] = before[m] + g["z"]
                h_bars[m] = h_bars[m] + xp.sum(later * slopes[m][0])
                times_bars[asked(m)] = times_bars[asked(m)] + g["t"]
                theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
            bars = before
        last = z0_bar if through is not None and through < sweeps else z0_bar + sum(bars)
        return {"z0": last, "times": xp.stack(times_bars), "h": xp.stack(h_bars), "theta": theta_bar}

    return xp.stack(points[1:], axis=1), pullback


@mistake(picard_iteration)
def added_to_the_last_iterate(
    z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int
) -> Any:
    """z_n^k + Σ h f for z₀ + Σ h f: what has been added is added again; right for one sweep."""
    return iterated(z0, times, h, theta, velocity, sweeps, onto_the_last=True)


@mistake(picard_iteration)
def sum_one_step_short(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """Σ_{m<n−1}: every point lacks its last step."""
    return iterated(z0, times, h, theta, velocity, sweeps, lag=1)


@mistake(picard_iteration)
def time_of_the_start(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """The velocity is asked at t_0 at all points; right for one that does not look at the time."""
    return iterated(z0, times, h, theta, velocity, sweeps, asked=lambda m: 0)


@mistake(picard_iteration)
def slopes_of_the_new_iterate(
    z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int
) -> Any:
    """The points of a sweep already use its own points before them: Euler's method in one sweep."""
    return PICARD(z0, times, h, theta, velocity=velocity, sweeps=max(times.shape[0], sweeps))


@mistake(picard_iteration)
def times_in_reverse(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """The times from the last to the first, the steps as they were."""
    return iterated(z0, times, h, theta, velocity, sweeps, asked=lambda m: times.shape[0] - 1 - m)


@mistake(picard_iteration, "gradient.z0", "gradient.times", "gradient.h", "gradient.theta")
def last_sweep_alone(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """The sweeps before the last are made without a graph: its points are constants."""
    return iterated(z0, times, h, theta, velocity, sweeps, through=1)


@mistake(picard_iteration, "gradient.z0")
def first_guess_detached(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """z_bar₀ without what the first guess receives, which is z₀ at every point."""
    value, right = PICARD(z0, times, h, theta, velocity=velocity, sweeps=sweeps)
    through_sums = by_sums(z0, times, h, theta, velocity, sweeps)
    return value, lambda bar: right(bar) | {"z0": through_sums(bar)}


def by_sums(z0: Array, times: Array, h: Array, theta: Theta, velocity: Field, sweeps: int) -> Any:
    """z_bar₀ by the points z₀ + Σ alone."""
    steps = times.shape[0]
    points, kept = [z0] * (steps + 1), []
    for _ in range(sweeps):
        slopes = [velocity.vjp(points[m], times[m], theta) for m in range(steps)]
        points = [z0]
        for m in range(steps):
            points.append(points[m] + h[m] * slopes[m][0])
        kept.append(slopes)

    def pullback(bar: Array) -> Array:
        z0_bar, bars = 0 * z0, [0 * z0, *(bar[:, n, :] for n in range(steps))]
        for slopes in reversed(kept):
            z0_bar = z0_bar + sum(bars)
            bars = [slopes[m][1](h[m] * sum(bars[m + 1:]))["z"] for m in range(steps)] + [0 * z0]
        return z0_bar

    return pullback


@mistake(picard_iteration, "gradient.times")
def times_held(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """The times receive no gradient."""
    value, right = PICARD(z0, times, h, theta, velocity=velocity, sweeps=sweeps)
    return value, lambda bar: right(bar) | {"times": 0 * times}


@mistake(picard_iteration, "gradient.h")
def steps_of_the_last_sweep(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """h_bar of the last sweep alone; right for one."""
    value, right = PICARD(z0, times, h, theta, velocity=velocity, sweeps=sweeps)
    alone = iterated(z0, times, h, theta, velocity, sweeps, through=1)[1]
    return value, lambda bar: right(bar) | {"h": alone(bar)["h"]}


@mistake(picard_iteration, "gradient.theta")
def parameters_averaged(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """θ_bar is a mean over the batch, where a sum belongs."""
    value, right = PICARD(z0, times, h, theta, velocity=velocity, sweeps=sweeps)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / z0.shape[0] for n, e in g["theta"].items()}}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(picard_iteration, blind=True)
def one_sweep_too_few(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """The first guess is counted as the first sweep: K − 1 of them."""
    if sweeps == 1:  # z₀ at all times
        xp = namespace(z0)
        guess = xp.broadcast_to(z0[:, None, :], (z0.shape[0], times.shape[0], z0.shape[1]))
        idle = {"times": 0 * times, "h": 0 * h, "theta": {name: 0 * entry for name, entry in theta.items()}}
        return guess, lambda bar: {"z0": xp.sum(bar, axis=1), **idle}
    return PICARD(z0, times, h, theta, velocity=velocity, sweeps=sweeps - 1)


@mistake(picard_iteration, blind=True)
def steps_of_equal_length(z0: Array, times: Array, h: Array, theta: Theta, *, velocity: Field, sweeps: int) -> Any:
    """Every step has the length of the first."""
    xp = namespace(z0)
    first = xp.astype(xp.arange(h.shape[0], device=h.device) == 0, h.dtype)
    value, right = PICARD(z0, times, h[:1] + 0 * h, theta, velocity=velocity, sweeps=sweeps)
    return value, lambda bar: (g := right(bar)) | {"h": first * xp.sum(g["h"])}
