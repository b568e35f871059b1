"""Continuous normalizing flows: log-densities along a velocity, with the exact trace and with Hutchinson's."""

from typing import Any

from refdgm.declaration.domain import NAT, field, noise, parameters, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import KINKED
from refdgm.nets.directions import PROBED
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.odeint import INITIAL_VALUE, odeint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.reference import Reference, reference

X = {"x": real("B", "D", meaning="x = z(t₁), the data")}
PROBE = {
    "probe": noise("rademacher", "B", "R", "D", nonempty=PROBED,
                   meaning="v, R probes an example, kept along its trajectory; any law with E vvᵀ = I will do"),
}
FLOW = {
    "t0": real(meaning="t₀, where z is standard normal", finite=True),
    "t1": real(meaning="t₁, where z is the data", finite=True),
    "theta": parameters("velocity"),
    "velocity": field("z", "t", known=VELOCITIES, refused={"mlp_relu": KINKED},
                      meaning="f, with z_dot = f(z, t, θ), and with a tangent"),
    "method": INITIAL_VALUE["method"],
    "steps": INITIAL_VALUE["steps"],
}
NEGATIVE = {
    "negative log-likelihood": {"value": scale(-1.0)},
    "negative log-likelihood per dimension": {"value": scale(-1.0, per="D")},
    "negative log-likelihood, bits per dimension": {"value": scale(-NAT, per="D")},
}
BACKWARDS = {"x": "z0", "t0": "t1", "t1": "t0", "theta": "theta"}  # the solve starts at the data


def with_log_density(velocity: Field, left: Array, right: Array) -> Field:
    """The Field of the state [z, ℓ], with z_dot = f and ℓ_dot = −Σ_r ⟨left_r, (∂f/∂z) right_r⟩.

    Axes on both sides make the trace, v/R and v an estimate of it. Cotangents of [f, ℓ_dot] are handed to the
    tangent of f as f_bar and d_bar_r = −k_bar left_r, with d_bar of f_dot and k_bar of ℓ_dot.
    """

    def vjp(state: Array, t: Array, theta: dict[str, Array]) -> Result:
        xp = namespace(state)
        (f, f_dot), field_pullback = velocity.jvp(state[:, :-1], right, t, theta)     # cnf_log_density (1)
        # cnf_log_density (2), ffjord_log_density (1)
        rate = xp.zeros_like(state[:, -1:]) - xp.sum(left * f_dot, axis=(1, 2))[:, None]

        def pullback(rates_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            grads = field_pullback(rates_bar[:, :-1], -rates_bar[:, -1:, None] * left, wrt=wrt)
            return grads | {"z": xp.concat([grads["z"], xp.zeros_like(rates_bar[:, -1:])], axis=1)}

        return xp.concat([f, rate], axis=1), pullback

    return Field(f"{velocity.name} with log-density", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)


def log_density(
    solver: Reference, x: Array, left: Array, right: Array, t0: Array, t1: Array, theta: dict[str, Array],
    velocity: Field, method: str, steps: int,
) -> Result:
    """log N(z(t₀); 0, I) − ℓ(t₀) of the solve of [z, ℓ] from [x, 0] at t₁ back to t₀, and its pullback."""
    xp = namespace(x)
    state, solve_pullback = solver.body(
        xp.concat([x, xp.zeros((x.shape[0], 1), dtype=x.dtype, device=x.device)], axis=1), t1, t0, theta,
        velocity=with_log_density(velocity, left, right), method=method, steps=steps,
    )
    z0, change = state[:, :-1], state[:, -1]
    log_2pi = xp.log(xp.full_like(t0, 2 * xp.pi))

    def pullback(log_density_bar: Array, wrt: tuple[str, ...] = ("x", "t0", "t1", "theta")) -> dict[str, Any]:
        bar = -log_density_bar[:, None]                                       # cnf_log_density (4)
        grads = solve_pullback(xp.concat([bar * z0, bar], axis=1), wrt=tuple(BACKWARDS[name] for name in wrt))
        return {name: grads[there] for name, there in BACKWARDS.items()} | {"x": grads["z0"][:, :-1]}

    # cnf_log_density (3); ½ z before the product, for ‖z‖² may overflow where its half does not
    return -xp.sum(z0 * (z0 / 2), axis=1) - x.shape[1] * log_2pi / 2 - change, pullback


@reference(
    args=X | FLOW,
    wrt=("x", "t0", "t1", "theta"),
    result=real("B", meaning="log p(x)"),
    source="chen2018neuralode",
    conventions=NEGATIVE,
)
def cnf_log_density(
    x: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Result:
    """The log-density of a continuous normalizing flow, with the exact trace.

        z_dot = f(z, t, θ),   z(t₁) = x                                      (1)
        ℓ_dot = −tr ∂f/∂z,    ℓ(t₁) = 0                                      (2)
        log p(x) = log N(z(t₀); 0, I) − ℓ(t₀)                                (3)

    (1, 2) are solved together from t₁ back to t₀ by `odeint_checkpointed`, of which this has the exact gradient: one
    state a step is kept, and no stage with its D tangents an example. Along the trajectory log p_t(z(t)) = log p(x) +
    ℓ(t). The cotangents that the solve receives for p_bar are

        z_bar(t₀) = −p_bar z(t₀),   ℓ_bar(t₀) = −p_bar                       (4)

    ℓ_bar stays −p_bar all the way, for nothing depends on ℓ; with it the gradient of the trace enters z_bar and θ_bar
    in every stage, through the second derivatives of f. What arrives is x_bar = p_bar ∇ log p(x), the score of the
    model.
    Source: Chen, Rubanova, Bettencourt & Duvenaud (2018), theorem 1 and section 4.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]
    return log_density(odeint_checkpointed, x, axes, axes, t0, t1, theta, velocity, method, steps)


@reference(
    args=X | PROBE | FLOW,
    wrt=("x", "t0", "t1", "theta"),
    result=real("B", meaning="an estimate of log p(x)"),
    source="grathwohl2019ffjord",
    conventions=NEGATIVE,
)
def ffjord_log_density(
    x: Array, probe: Array, t0: Array, t1: Array, theta: dict[str, Array], *,
    velocity: Field, method: str, steps: int,
) -> Result:
    """The log-density of a continuous normalizing flow, with Hutchinson's trace (FFJORD).

        ℓ_dot = −(1/R) Σ_r v_rᵀ (∂f/∂z) v_r                                  (1)

    in place of the trace in `cnf_log_density`, all else as there, but by `odeint`, which keeps the stages. The probes
    are drawn once for a solve and stay the same along the trajectory, so that what is integrated is a smooth function
    of time. The estimate is unbiased, also of what the solver makes of the exact trace, for z does not depend on the
    probes; its exponential is not.
    Source: Grathwohl, Chen, Bettencourt, Sutskever & Duvenaud (2019), section 3.1 and algorithm 1.
    """
    return log_density(odeint, x, probe / probe.shape[1], probe, t0, t1, theta, velocity, method, steps)
