"""The probability flow of a process: an ordinary equation that has its laws, with a score network in it."""

from typing import Any

from refdgm.declaration.domain import field, parameters, real, share
from refdgm.namespace import Array, Result, Results, namespace
from refdgm.nets.field import VELOCITIES, Field, Pullback
from refdgm.numerics.power_lerp import log_ratio
from refdgm.ode.odeint import INITIAL_VALUE, odeint
from refdgm.reference import reference
from refdgm.sde.sde_coefficients import sde_coefficients

LOW, HIGH = ".low", ".high"  # beside the score's own entries in the velocity's θ
ENDS = {name: sde_coefficients.args[name] for name in ("low", "high")}
OPTIONS = {
    "process": sde_coefficients.args["process"],
    "method": INITIAL_VALUE["method"],
    "steps": INITIAL_VALUE["steps"],
}


def coefficients(t: Array, low: Array, high: Array, process: str) -> Results:
    """a and q = ½ g² at one time; the equations are those of `probability_flow`."""
    return exploding(t, low, high) if process == "ve" else preserving(t, low, high, process == "sub_vp")


def preserving(t: Array, low: Array, high: Array, sub: bool) -> Results:
    """Of the processes that keep the variance, or stay below."""
    xp = namespace(t)
    beta, total = (1 - t) * low + t * high, t * ((2 - t) * low + t * high) / 2    # probability_flow (1)
    k = -xp.expm1(-2 * total) if sub else xp.ones_like(t)                     # probability_flow (3), (2)
    r = xp.exp(-2 * total) if sub else xp.zeros_like(t)

    def pullback(slope_bar: Array, half_bar: Array) -> dict[str, Array]:
        b, c = (half_bar * k - slope_bar) / 2, half_bar * beta * r            # probability_flow (8)
        return {                                                              # probability_flow (9)
            "t": b * (high - low) + c * beta,
            "low": b * (1 - t) + c * (t * (2 - t) / 2),
            "high": b * t + c * (t * t / 2),
        }

    return (-beta / 2, beta * k / 2), pullback


def exploding(t: Array, low: Array, high: Array) -> Results:
    """Of the process that adds noise and leaves the data as they are."""
    logarithm = log_ratio(high, low)
    sigma = low * (high / low) ** t
    half = logarithm * sigma * sigma                                          # probability_flow (4)

    def pullback(slope_bar: Array, half_bar: Array) -> dict[str, Array]:
        p = half_bar * half
        return {                                                              # probability_flow (10)
            "t": 2 * p * logarithm,
            "low": p * (2 * (1 - t) - 1 / logarithm) / low,
            "high": p * (2 * t + 1 / logarithm) / high,
        }

    return (namespace(t).zeros_like(t), half), pullback


Parts = tuple[dict[str, Array], Array, Array, Pullback]  # the score's own θ, a, q, and how these are pulled back


def probability_velocity(score: Field, process: str) -> Field:
    """f(x, t) = a(t) x − q(t) s(x, t, θ) as a Field; its θ has the entries of the score's, LOW and HIGH."""

    def parts(t: Array, theta: dict[str, Array]) -> Parts:
        own = {name: entry for name, entry in theta.items() if name not in (LOW, HIGH)}
        (a, q), made = coefficients(t, theta[LOW], theta[HIGH], process)
        return own, a, q, made

    def joined(grads: dict[str, Any], by: dict[str, Array], wrt: tuple[str, ...]) -> dict[str, Any]:
        """The score's gradients with those of the coefficients."""
        grads = grads | {"t": grads["t"] + by["t"]} if "t" in wrt else grads
        return grads | {"theta": grads["theta"] | {LOW: by["low"], HIGH: by["high"]}} if "theta" in wrt else grads

    def vjp(z: Array, t: Array, theta: dict[str, Array]) -> Result:
        xp = namespace(z)
        own, a, q, made = parts(t, theta)
        s, score_pullback = score.vjp(z, t, own)

        def pullback(f_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            grads = score_pullback(-q * f_bar, wrt=wrt)
            grads = grads | {"z": a * f_bar + grads["z"]} if "z" in wrt else grads    # probability_flow (6)
            slope_bar, half_bar = xp.sum(f_bar * z), -xp.sum(f_bar * s)       # probability_flow (7)
            return joined(grads, made(slope_bar, half_bar), wrt)

        return a * z - q * s, pullback                                        # probability_flow (5)

    def jvp(z: Array, z_dot: Array, t: Array, theta: dict[str, Array]) -> Results:
        xp = namespace(z)
        own, a, q, made = parts(t, theta)
        (s, s_dot), score_pullback = score.jvp(z, z_dot, t, own)

        def pullback(
            f_bar: Array, f_dot_bar: Array, wrt: tuple[str, ...] = ("z", "z_dot", "t", "theta")
        ) -> dict[str, Any]:
            grads = score_pullback(-q * f_bar, -q * f_dot_bar, wrt=wrt)
            for name, bar in (("z", f_bar), ("z_dot", f_dot_bar)):
                grads = grads | {name: a * bar + grads[name]} if name in wrt else grads
            slope_bar = xp.sum(f_bar * z) + xp.sum(f_dot_bar * z_dot)
            half_bar = -(xp.sum(f_bar * s) + xp.sum(f_dot_bar * s_dot))
            return joined(grads, made(slope_bar, half_bar), wrt)

        return (a * z - q * s, a * z_dot - q * s_dot), pullback

    return Field(f"probability flow of {score.name}", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp, jvp)


@reference(
    args={
        "x": real("B", "D", meaning="x, the state at t₀"),
        "t0": share(meaning="t₀, where the solve starts: 1 to sample, a little above 0 to encode"),
        "t1": share(meaning="t₁, where it ends; before t₀ it runs from the noise to the data"),
        **ENDS,
        "theta": parameters("score"),
        "score": field("z", "t", known=VELOCITIES, meaning="s(x, t), a score network; not one of the noise"),
        **OPTIONS,
    },
    wrt=("x", "t0", "t1", "low", "high", "theta"),
    result=real("B", "D", meaning="x(t₁)"),
    source="song2021sde",
)
def probability_flow(
    x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array], *,
    score: Field, process: str, method: str, steps: int,
) -> Result:
    """The probability flow of a process with a score network, solved from one time to another in either direction.

    With β growing evenly from `low` to `high`, its integral B, and q = ½ g²:

        β = (1 − t) low + t high,   B = t ((2 − t) low + t high) / 2                                         (1)
        vp:       a = −β/2,   q = β k/2,   k = 1,            r = 0                                           (2)
        sub_vp:   a = −β/2,   q = β k/2,   k = 1 − e^{−2B},  r = e^{−2B}                                     (3)

    with σ growing geometrically from `low` to `high`:

        ve:       a = 0,   q = Λ σ²,   σ = low (high/low)^t,   Λ = log(high/low)                             (4)

    N equal steps of `odeint` from t₀ to t₁ for the velocity

        x_dot = f,   f(x, t) = a x − q s(x, t, θ)                                                            (5)

    of which this has the exact gradient. For the cotangent f_bar of a stage, every Σ over the batch too:

        x_bar = a f_bar + x_barˢ,   with x_barˢ, t_barˢ, θ_bar the pullback of s for −q f_bar                (6)
        a_bar = Σ ⟨f_bar, x⟩,   q_bar = −Σ ⟨f_bar, s⟩                                                        (7)

    and from these for vp and sub_vp

        b = (q_bar k − a_bar)/2,   c = q_bar β r                                                             (8)
        t_bar = t_barˢ + b (high − low) + c β,   of low: b (1 − t) + c t (2 − t)/2,   of high: b t + c t²/2  (9)

    and for ve, with p = q_bar q,

        t_bar = t_barˢ + 2 Λ p,   of low: p (2 (1 − t) − 1/Λ)/low,   of high: p (2 t + 1/Λ)/high             (10)

    a and g are those of `sde_coefficients`; q has no root, and so no singular gradient at t = 0, where code with √ has
    NaN for sub_vp. The velocity is the same in both directions: backwards it is h that is negative. Its ½ is that of
    the flow; the reversed process has none (`reverse_sde`). Who has a network for the noise passes −ε_hat/ς for s.
    Source: Song et al. (2021), eq. 13 and section 4.3; (6–10) by the chain rule.
    """
    end, solve_pullback = odeint.body(
        x, t0, t1, theta | {LOW: low, HIGH: high}, velocity=probability_velocity(score, process), method=method,
        steps=steps,
    )                                                                         # (1–5)

    def pullback(
        end_bar: Array, wrt: tuple[str, ...] = ("x", "t0", "t1", "low", "high", "theta")
    ) -> dict[str, Any]:
        return unpacked(solve_pullback(end_bar, wrt=within(wrt)))             # (6–10)

    return end, pullback


def within(wrt: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be asked of the solve for these."""
    inner = {"x": "z0", "t0": "t0", "t1": "t1", "low": "theta", "high": "theta", "theta": "theta"}
    return tuple({inner[name] for name in wrt})


def unpacked(grads: dict[str, Any]) -> dict[str, Any]:
    """The solve's gradients by our names; what was not asked for has no entries."""
    theta = dict(grads["theta"])
    low, high = theta.pop(LOW, None), theta.pop(HIGH, None)
    return {"x": grads["z0"], "t0": grads["t0"], "t1": grads["t1"], "low": low, "high": high, "theta": theta}
