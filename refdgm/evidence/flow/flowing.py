"""Log-densities along a flow with parts to weigh wrongly: what the mistakes of continuous flows are made of."""

from typing import Any

from refdgm.evidence.network import bent, tangent
from refdgm.evidence.stepping import backwards
from refdgm.flow.cnf_log_density import with_log_density
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint

Theta = dict[str, Array]


def axes(x: Array) -> Array:
    """All directions of a state, shared by the batch."""
    return namespace(x).eye(x.shape[1], dtype=x.dtype, device=x.device)[None]


def start(x: Array) -> Array:
    """[x, 0]."""
    xp = namespace(x)
    return xp.concat([x, xp.zeros((x.shape[0], 1), dtype=x.dtype, device=x.device)], axis=1)


def density(
    x: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int, left: Any = None,
    right: Any = None, norm: float = 1.0, constant: float = 1.0, trace: float = 1.0,
    norm_bar: float | None = None, trace_bar: float | None = None,
) -> Any:
    """norm · (−‖z(t₀)‖²/2) − constant · D/2 log 2π − trace · ℓ(t₀), and the gradient of that, or of what the
    `_bar` weights make. The trace is that of Σ_r left_r right_rᵀ J, of J if none are given."""
    xp = namespace(x)
    left, right = (axes(x), axes(x)) if left is None else (left, right)
    norm_bar, trace_bar = norm if norm_bar is None else norm_bar, trace if trace_bar is None else trace_bar
    state, solve = odeint.body(
        start(x), t1, t0, theta, velocity=with_log_density(velocity, left, right), method=method, steps=steps
    )
    z, change = state[:, :-1], state[:, -1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = solve(xp.concat([-norm_bar * bar[:, None] * z, -trace_bar * bar[:, None]], axis=1))
        return {"x": g["z0"][:, :-1], "t0": g["t1"], "t1": g["t0"], "theta": g["theta"]}

    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))
    return -norm * xp.sum(z * z, axis=1) / 2 - constant * x.shape[1] * log_2pi / 2 - trace * change, pullback


def adjoint_density(
    x: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int,
    weight: float = 1.0, **parts: Any,
) -> Any:
    """As `cnf_log_density_adjoint`, with the adjoint's sources times `weight`; `parts` are those of `backwards`."""
    xp = namespace(x)
    both = with_log_density(velocity, axes(x), axes(x))
    state, solve = backwards(start(x), t1, t0, theta, both, method, steps, **parts)
    z = state[:, :-1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = solve(xp.concat([-bar[:, None] * z, -weight * bar[:, None]], axis=1))
        return {"x": g["z0"][:, :-1], "t0": g["t1"], "t1": g["t0"], "theta": g["theta"]}

    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))
    return -(xp.sum(z * z, axis=1) + x.shape[1] * log_2pi) / 2 - state[:, -1], pullback


def restless(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int
) -> Any:
    """As `density` with a probe, but in every step it is that of the next example: drawn anew on the way."""
    xp = namespace(x)
    h, state, chain = (t0 - t1) / steps, start(x), []
    for n in range(steps):
        v = xp.roll(probe, n, axis=0)
        both = with_log_density(velocity, v / probe.shape[1], v)
        state, step = odeint.body(
            state, t1 + n * h, t1 + (n + 1) * h, theta, velocity=both, method=method, steps=1
        )
        chain.append(step)
    z = state[:, :-1]

    def pullback(bar: Array) -> dict[str, Any]:
        state_bar = xp.concat([-bar[:, None] * z, -bar[:, None]], axis=1)
        t0_bar, t1_bar, theta_bar = 0 * t0, 0 * t1, {name: 0 * entry for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            g = chain[n](state_bar)
            state_bar = g["z0"]
            t0_bar = t0_bar + (n * g["t0"] + (n + 1) * g["t1"]) / steps
            t1_bar = t1_bar + ((steps - n) * g["t0"] + (steps - n - 1) * g["t1"]) / steps
            theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
        return {"x": state_bar[:, :-1], "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))
    return -(xp.sum(z * z, axis=1) + x.shape[1] * log_2pi) / 2 - state[:, -1], pullback


def negated(velocity: Field) -> Field:
    """−f."""

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        f, right = velocity.vjp(z, t, theta)
        return -f, lambda bar, wrt=("z", "t", "theta"): right(-bar, wrt=wrt)

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        (f, f_dot), right = velocity.jvp(z, z_dot, t, theta)
        return (-f, -f_dot), lambda bar, dot_bar, wrt=("z", "z_dot", "t", "theta"): right(-bar, -dot_bar, wrt=wrt)

    return Field(f"−{velocity.name}", ("z", "t"), lambda z, t, theta: -velocity.value(z, t, theta), vjp, jvp)


def straight(velocity: Field) -> Field:
    """The field with φ'' = 0 in the pullback of its tangent, as ReLU would have it; other fields are right."""
    if not velocity.name.startswith("mlp_"):
        return velocity

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        xp = namespace(z)
        timed = xp.concat([z, 0 * z[:, :1] + t], axis=1)
        timed_dot = xp.concat([z_dot + 0 * z[:, None], 0 * z_dot[:, :, :1] + 0 * z[:, None, :1]], axis=2)
        outputs, flat = tangent(timed, timed_dot, theta, bent(velocity.name.removeprefix("mlp_"), 0.0))

        def pullback(bar: Array, dot_bar: Array, wrt: Any = ()) -> dict[str, Any]:
            g = flat(bar, dot_bar)
            return {"z": g["x"][:, :-1], "t": xp.sum(g["x"][:, -1]), "theta": g["theta"]}

        return outputs, pullback

    return Field(velocity.name, velocity.args, velocity.value, velocity.vjp, jvp)


def solved(
    solver: Any, x: Array, t0: Array, t1: Array, theta: Theta, field: Field, method: str, steps: int
) -> Any:
    """As `cnf_log_density`, with another solver, or another field for the pair of state and log-density."""
    xp = namespace(x)
    state, right = solver(start(x), t1, t0, theta, velocity=field, method=method, steps=steps)
    z = state[:, :-1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(xp.concat([-bar[:, None] * z, -bar[:, None]], axis=1))
        return {"x": g["z0"][:, :-1], "t0": g["t1"], "t1": g["t0"], "theta": g["theta"]}

    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))
    return -xp.sum(z * z, axis=1) / 2 - x.shape[1] * log_2pi / 2 - state[:, -1], pullback


def blind(velocity: Field, x: Array, name: str) -> Field:
    """The field of state and log-density, where the trace sends no cotangent to `name`."""
    xp, both = namespace(x), with_log_density(velocity, axes(x), axes(x))

    def vjp(state: Array, t: Array, theta: Theta) -> Any:
        rates, right = both.vjp(state, t, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            g = right(bar, wrt=wrt)
            path = xp.concat([bar[:, :-1], xp.zeros_like(bar[:, -1:])], axis=1)
            return g | {name: right(path, wrt=wrt)[name]} if name in wrt else g

        return rates, pullback

    return Field(both.name, ("z", "t"), both.value, vjp)
