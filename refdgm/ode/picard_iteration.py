"""Picard's iteration: a whole trajectory at once, sweep after sweep, instead of step after step."""

from typing import Any

from refdgm.declaration.domain import count, field, parameters, real
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference


@reference(
    args={
        "z0": real("B", "D", meaning="z₀, the state at the start"),
        "times": real("T", finite=True, meaning="t_0, …, t_{T−1}, the time at the start of each step"),
        "h": real("T", finite=True, meaning="h_0, …, h_{T−1}, the lengths of the steps, of either sign"),
        "theta": parameters("velocity"),
        "velocity": field("z", "t", known=VELOCITIES, meaning="f, with z_dot = f(z, t, θ)"),
        "sweeps": count(1, meaning="K, sweeps over the whole trajectory"),
    },
    wrt=("z0", "times", "h", "theta"),
    result=real("B", "T", "D", meaning="z_1, …, z_T of the last sweep: the states at the end of each step"),
    source="shih2023parallel",
)
def picard_iteration(
    z0: Array, times: Array, h: Array, theta: dict[str, Array], *, velocity: Field, sweeps: int
) -> Result:
    """K sweeps of Picard's iteration on a grid, and the exact gradient of what they compute.

        z_n^0 = z₀,   n = 0, …, T                                                                     (1)
        z_n^{k+1} = z₀ + Σ_{m<n} h_m f(z_m^k, t_m, θ)                                                 (2)

    Given cotangents of the points of the last sweep, b_n; of z_0^k they count too. From the last sweep to the first:

        Λ_m = Σ_{n>m} b_n                                                                             (3)
        h_bar_m += ⟨Λ_m, f_m⟩;   c_m, summands of t_bar_m and θ_bar: the pullback of f_m for h_m Λ_m  (4)
        z_bar₀ += Σ_n b_n,   b_n ← c_n for n < T, b_T ← 0                                             (5)

    and at last z_bar₀ += Σ_n b_n, of the first guess (1). The T evaluations of a sweep are independent of one another,
    and that is the use; the sweeps are not. After k sweeps the first k points are those of Euler's method, after T all
    are, and nothing changes any more: sweeps make no finer grid. t and h are told apart, as a grid's are by its owner.
    Source: Shih, Belkhale, Ermon, Sadigh & Anari (2023), on Picard iteration of the integral equation; (3–5) by the
    chain rule.
    """
    xp = namespace(z0)
    steps = times.shape[0]
    points, kept = [z0] * steps, []                                           # (1)
    for _ in range(sweeps):
        slopes = [velocity.vjp(points[m], times[m], theta) for m in range(steps)]
        points = [z0]
        for m in range(steps):
            points.append(points[m] + h[m] * slopes[m][0])                    # (2)
        kept.append(slopes)
    empty = xp.zeros((z0.shape[0], 0, z0.shape[1]), dtype=z0.dtype, device=z0.device)

    def pullback(points_bar: Array, wrt: tuple[str, ...] = ("z0", "times", "h", "theta")) -> dict[str, Any]:
        inner = ("z", *(("t",) if "times" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        z0_bar = xp.zeros_like(z0)
        times_bars: list[Array] = [xp.zeros_like(xp.sum(h))] * steps
        h_bars: list[Array] = [xp.zeros_like(xp.sum(h))] * steps
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        bars = [xp.zeros_like(z0), *(points_bar[:, n, :] for n in range(steps))]
        for slopes in reversed(kept):
            later, before = xp.zeros_like(z0), [xp.zeros_like(z0)] * (steps + 1)
            for m in range(steps - 1, -1, -1):
                later = later + bars[m + 1]                                   # (3)
                slope, slope_pullback = slopes[m]
                grads = slope_pullback(h[m] * later, wrt=inner)               # (4)
                before[m] = grads["z"]
                h_bars[m] = h_bars[m] + xp.sum(later * slope)
                if "times" in wrt:
                    times_bars[m] = times_bars[m] + grads["t"]
                if "theta" in wrt:
                    theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
            z0_bar, bars = z0_bar + bars[0] + later, before                   # (5)
        for bar in bars:
            z0_bar = z0_bar + bar
        return {
            "z0": z0_bar,
            "times": xp.stack(times_bars) if steps else xp.zeros_like(times),
            "h": xp.stack(h_bars) if steps else xp.zeros_like(h),
            "theta": theta_bar,
        }

    return (xp.stack(points[1:], axis=1) if steps else empty), pullback
