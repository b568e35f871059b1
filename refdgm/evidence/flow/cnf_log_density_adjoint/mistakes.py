"""Mistakes in the continuous adjoint of the log-density."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.flowing import adjoint_density, blind, density, solved
from refdgm.flow.cnf_log_density import cnf_log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint

Theta = dict[str, Array]


# The continuous adjoint: all but two leave the value right


@mistake(cnf_log_density_adjoint)
def adjoint_of_too_many_steps(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N + 1 steps, there and back."""
    return cnf_log_density_adjoint.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps + 1)


@mistake(cnf_log_density_adjoint, "value")
def adjoint_without_constant(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The base without D/2 log 2π."""
    xp = namespace(x)
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)
    return value + x.shape[1] * xp.log(xp.full_like(t0, 2 * xp.pi)) / 2, right


@mistake(cnf_log_density_adjoint, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def sources_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """a_dot = −Jᵀa and θ_bar = −∫ f_θᵀ a, the adjoint of a loss at the end of the solve: ℓ is not part of the state."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, weight=0.0)


@mistake(cnf_log_density_adjoint, "gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")
def sources_of_opposite_sign(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """a_dot = −Jᵀa + p_bar ∇ tr: the sources of the loss for those of the log-density."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, weight=-1.0)


@mistake(cnf_log_density_adjoint, "gradient.x", "gradient.t1", "gradient.theta")
def adjoint_rate_sign(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """a_dot = +Jᵀa + p_bar ∇ tr: all of the adjoint's rate."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, sign=-1)


@mistake(cnf_log_density_adjoint, "gradient.x", "gradient.t1", "gradient.theta")
def state_stays_at_the_base(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """z stays at z(t₀) while a is solved; right for the adjoint of a linear flow."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, moving=0)


@mistake(cnf_log_density_adjoint, "gradient.x", "gradient.t1", "gradient.theta")
def adjoint_clock_not_reversed(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """From the base to the data the velocity is asked at the times of the solve from the data to the base."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, reverse=False)


@mistake(cnf_log_density_adjoint, "gradient.theta")
def parameter_integral_sign(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar with the opposite sign: its integral is taken from t₁ to t₀."""
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: -e for n, e in g["theta"].items()}}


@mistake(cnf_log_density_adjoint, "gradient.theta")
def parameter_integral_without_trace(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar without ∇_θ tr and with an adjoint without sources; x_bar right."""
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)
    _, wrong = adjoint_density(x, t0, t1, theta, velocity, method, steps, weight=0.0)
    return value, lambda bar: right(bar) | {"theta": wrong(bar)["theta"]}


@mistake(cnf_log_density_adjoint, "gradient.theta")
def parameter_integral_by_euler(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar sums the integrand at the ends of the steps: order one whatever the method; right for euler."""
    return adjoint_density(x, t0, t1, theta, velocity, method, steps, quadrature=False)


@mistake(cnf_log_density_adjoint, "gradient.theta")
def parameter_integral_averaged(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(cnf_log_density_adjoint, "gradient.t1")
def data_time_without_trace(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = −⟨a, f⟩ at the data, as for a loss of the state alone."""
    xp = namespace(x)
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"t1": -xp.sum(g["x"] * velocity.value(x, t1, theta))}

    return value, pullback


@mistake(cnf_log_density_adjoint, "gradient.t0", "gradient.t1")
def adjoint_times_exchanged(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ for t_bar₁: the solve begins at t₁, and its gradients are taken in the order of the arguments."""
    value, right = adjoint_density(x, t0, t1, theta, velocity, method, steps)
    return value, lambda bar: (g := right(bar)) | {"t0": g["t1"], "t1": g["t0"]}


GRADIENTS = ("gradient.x", "gradient.t0", "gradient.t1", "gradient.theta")


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(cnf_log_density_adjoint, "value", blind=True)
def value_without_the_integral(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """log N(z(t₀)) is reported with the gradient of the log-density: the trace is integrated on the way back only."""
    value, _ = density(x, t0, t1, theta, velocity, method, steps, trace=0.0)
    _, right = cnf_log_density_adjoint.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return value, right


@mistake(cnf_log_density_adjoint, *GRADIENTS, blind=True)
def gradient_of_the_solver(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The discrete adjoint, that of cnf_log_density: the derivative of the value, not what the equation gives."""
    return cnf_log_density.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)


@mistake(cnf_log_density_adjoint, "gradient.theta", blind=True)
def direct_trace_missing(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar lacks p_bar ∇_θ tr, while the adjoint has its sources."""
    return solved(odeint_adjoint.body, x, t0, t1, theta, blind(velocity, x, "theta"), method, steps)


@mistake(cnf_log_density_adjoint, "gradient.t0", blind=True)
def base_time_without_trace(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ = ⟨a, f⟩ at the base, as for a loss of the state alone."""
    xp = namespace(x)
    value, right = cnf_log_density_adjoint.body(x, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    z, _ = odeint.body(x, t1, t0, theta, velocity=velocity, method=method, steps=steps)
    return value, lambda bar: right(bar) | {"t0": -xp.sum(bar[:, None] * z * velocity.value(z, t0, theta))}
