"""The probability flow with parts to change: what the mistakes about it are made of."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.flow.flowing import axes, start
from refdgm.flow.cnf_log_density import with_log_density
from refdgm.flow.probability_flow import HIGH, LOW, coefficients, unpacked
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint

Theta = dict[str, Array]
Made = Callable[[Array, Array, Array, str], Any]  # (a, q) at (t, low, high, process), and its pullback


def weighed(of_slope: float = 1.0, of_half: float = 1.0) -> Made:
    """Both coefficients times a number."""

    def made(t: Array, low: Array, high: Array, process: str) -> Any:
        (a, q), right = coefficients(t, low, high, process)
        return (of_slope * a, of_half * q), lambda a_bar, q_bar: right(of_slope * a_bar, of_half * q_bar)

    return made


def velocity(score: Field, process: str, made: Made = coefficients, silent: tuple[str, ...] = (),
             traced: Made | None = None) -> Field:
    """a x − q s with other coefficients, and those of its tangent, if they are others yet. `silent` are those that hear
    no gradient: the "state" of the score and its "clock", the "schedule" in time, "low", "high"."""

    def parts(t: Array, theta: Theta, made: Made) -> Any:
        own = {name: entry for name, entry in theta.items() if name not in (LOW, HIGH)}
        return own, *made(t, theta[LOW], theta[HIGH], process)

    def gathered(g: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
        heard = {name: 0 * x if name in silent else x for name, x in by.items()}
        t_bar = (0 if "clock" in silent else 1) * g["t"] + (0 if "schedule" in silent else 1) * by["t"]
        return g | {"t": t_bar, "theta": g["theta"] | {LOW: heard["low"], HIGH: heard["high"]}}

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        xp = namespace(z)
        own, (a, q), right = parts(t, theta, made)
        s, inner = score.vjp(z, t, own)

        def pullback(bar: Array, wrt: Any = ()) -> dict[str, Any]:
            g = inner(-q * bar, wrt=("z", "t", "theta"))
            bent = 0 * bar if "state" in silent else g["z"]
            return gathered(g, right(xp.sum(bar * z), -xp.sum(bar * s))) | {"z": a * bar + bent}

        return a * z - q * s, pullback

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        xp = namespace(z)
        own, (a, q), right = parts(t, theta, made)
        _, (b, r), tangent = parts(t, theta, traced or made)
        (s, s_dot), inner = score.jvp(z, z_dot, t, own)

        def pullback(bar: Array, dot_bar: Array, wrt: Any = ()) -> dict[str, Any]:
            g = inner(-q * bar, -r * dot_bar, wrt=("z", "t", "theta"))
            by, more = right(xp.sum(bar * z), -xp.sum(bar * s)), tangent(
                xp.sum(dot_bar * z_dot), -xp.sum(dot_bar * s_dot))
            return gathered(g, {name: by[name] + more[name] for name in by}) | {"z": a * bar + g["z"]}

        return (a * z - q * s, b * z_dot - r * s_dot), pullback

    return Field(f"flow of {score.name}", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp, jvp)


def solved(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, field: Field, method: str,
           steps: int) -> Any:
    """The solve of a velocity whose θ has the ends of the process in it."""
    end, right = odeint.body(x, t0, t1, theta | {LOW: low, HIGH: high}, velocity=field, method=method, steps=steps)
    return end, lambda bar: unpacked(right(bar))


def deviation_for_rate(t: Array, low: Array, high: Array, process: str) -> Any:
    """ve: q = σ²/2, as if σ were the diffusion."""
    if process != "ve":
        return coefficients(t, low, high, process)
    xp = namespace(t)
    sigma, ratio = low * (high / low) ** t, xp.log1p((high - low) / low)
    q = sigma * sigma / 2

    def right(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        p = 2 * q_bar * q
        return {"t": ratio * p, "low": p * (1 - t) / low, "high": p * t / high}

    return (xp.zeros_like(t), q), right


def growing_evenly(t: Array, low: Array, high: Array, process: str) -> Any:
    """ve: σ grows in a line from low to high; q = σ dσ/dt."""
    if process != "ve":
        return coefficients(t, low, high, process)
    sigma, span = (1 - t) * low + t * high, high - low
    return (namespace(t).zeros_like(t), sigma * span), lambda a_bar, q_bar: {
        "t": q_bar * span * span, "low": q_bar * ((1 - t) * span - sigma), "high": q_bar * (t * span + sigma)}


def exponent_not_doubled(t: Array, low: Array, high: Array, process: str) -> Any:
    """sub_vp: q = β (1 − e^{−B})/2."""
    if process != "sub_vp":
        return coefficients(t, low, high, process)
    xp = namespace(t)
    beta, total = (1 - t) * low + t * high, t * ((2 - t) * low + t * high) / 2
    k = -xp.expm1(-total)

    def right(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        b, c = (q_bar * k - a_bar) / 2, q_bar * beta * xp.exp(-total) / 2
        return {"t": b * (high - low) + c * beta, "low": b * (1 - t) + c * t * (2 - t) / 2,
                "high": b * t + c * t * t / 2}

    return (-beta / 2, beta * k / 2), right


def noise_held(t: Array, low: Array, high: Array, process: str) -> Any:
    """sub_vp: B is made without gradient."""
    (a, q), right = coefficients(t, low, high, process)
    if process != "sub_vp":
        return (a, q), right
    k = 2 * q / ((1 - t) * low + t * high)

    def pullback(a_bar: Array, q_bar: Array) -> dict[str, Array]:
        b = (q_bar * k - a_bar) / 2
        return {"t": b * (high - low), "low": b * (1 - t), "high": b * t}

    return (a, q), pullback


def density(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, score: Field, process: str, method: str,
    steps: int, probe: Any = None, pair: Any = None, *, spread: Any = None, norm: float = 1.0, constant: float = 1.0,
    logarithm: float = 1.0, trace: float = 1.0, norm_bar: float | None = None, trace_bar: float | None = None,
    prior_bar: float = 1.0, solver: Any = None, field: Any = None, **wrong: Any,
) -> Any:
    """norm · (−‖u‖²/2) − constant · D/2 log 2π − logarithm · D log S − trace · ℓ(t₁) with u = x(t₁)/S, and the gradient
    of that, or of what the `_bar` weights make. `spread` is S, and whether `high` hears of it; the trace is that of
    Σ_r left_r right_rᵀ J of a `pair`, of the probes, or of J. `wrong` is of the velocity, or that is a `field`."""
    xp = namespace(x)
    left, right = pair or ((axes(x), axes(x)) if probe is None else (probe / probe.shape[1], probe))
    wide, heard = spread or ((high, 1.0) if process == "ve" else (xp.ones_like(high), 0.0))
    norm_bar, trace_bar = norm if norm_bar is None else norm_bar, trace if trace_bar is None else trace_bar
    plain = field or velocity(score, process, **wrong)
    state, back = solver(start(x), t0, t1, low, high, theta, plain, method, steps) if solver else solved(
        start(x), t0, t1, low, high, theta, with_log_density(plain, left, right), method, steps)
    u, change = state[:, :-1] / wide, state[:, -1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = back(xp.concat([-norm_bar * bar[:, None] * u / wide, -trace_bar * bar[:, None]], axis=1))
        each = bar * (norm * xp.sum(u * u, axis=1) - logarithm * x.shape[1])
        return g | {"x": g["x"][:, :-1], "high": g["high"] + heard * prior_bar * xp.sum(each) / wide}

    log_2pi = xp.log(xp.full_like(high, 2 * xp.pi))
    fixed = x.shape[1] * (constant * log_2pi / 2 + logarithm * xp.log(wide))
    return -norm * xp.sum(u * u, axis=1) / 2 - fixed - trace * change, pullback


def in_turn(probe: Array) -> Any:
    """A solver that has the probes of the next example in every step: drawn anew on the way."""

    def solve(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: Theta, rates: Any, method: str,
              steps: int) -> Any:
        xp, h, chain = namespace(x), (t1 - t0) / steps, []
        for n in range(steps):
            v = xp.roll(probe, n, axis=0)
            both = with_log_density(rates, v / probe.shape[1], v)
            x, right = solved(x, t0 + n * h, t0 + (n + 1) * h, low, high, theta, both, method, 1)
            chain.append(right)

        def pullback(bar: Array) -> dict[str, Any]:
            total = {"t0": 0 * t0, "t1": 0 * t1, "low": 0 * low, "high": 0 * high}
            theta_bar = {name: 0 * entry for name, entry in theta.items()}
            for n in range(steps - 1, -1, -1):
                g = chain[n](bar)
                bar, s, e = g["x"], n / steps, (n + 1) / steps
                more = {"t0": (1 - s) * g["t0"] + (1 - e) * g["t1"], "t1": s * g["t0"] + e * g["t1"],
                        "low": g["low"], "high": g["high"]}
                total = {name: y + more[name] for name, y in total.items()}
                theta_bar = {name: y + g["theta"][name] for name, y in theta_bar.items()}
            return total | {"x": bar, "theta": theta_bar}

        return x, pullback

    return solve
