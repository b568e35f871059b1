"""Mistakes in the discrete and in the continuous adjoint of an initial-value problem."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.stepping import backwards, by_steps, runge_kutta
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.tableau import TABLEAUS, Tableau

Theta = dict[str, Array]
third, eighth = Fraction(1, 3), Fraction(1, 8)
THREE_EIGHTHS = Tableau(
    a=((), (third,), (-third, 1), (1, -1, 1)),
    b=(eighth, 3 * eighth, 3 * eighth, eighth),
    c=(0, third, 2 * third, 1),
    order=4,
)


# The solver: wrong equations, rightly differentiated


@mistake(odeint)
def equal_weights(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages weigh the same: of rk4 a quarter each."""
    table = TABLEAUS[method]
    wrong = replace(table, b=tuple(Fraction(1, len(table.b)) for _ in table.b))
    return runge_kutta(z0, t0, t1, theta, velocity, steps, wrong)


@mistake(odeint)
def midpoint_for_heun(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The explicit midpoint rule, which some libraries call by the name of the other method of order two."""
    table = TABLEAUS["midpoint" if method == "heun" else method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def heun_for_midpoint(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The mean of the slopes at both ends of the step where the slope at its midpoint belongs."""
    table = TABLEAUS["heun" if method == "midpoint" else method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def three_eighths_for_classical(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The 3/8 rule under the name of rk4: the order is right, the numbers are not."""
    table = THREE_EIGHTHS if method == "rk4" else TABLEAUS[method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def stage_times_ignored(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages at the beginning of the step, c = 0; right for a field without time."""
    table = replace(TABLEAUS[method], c=tuple(0 for _ in TABLEAUS[method].c))
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def clock_starts_at_zero(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The field is asked at t − t₀; right for t₀ = 0 or a field without time."""
    zero = namespace(z0).zeros_like(t0)
    z1, right = odeint.body(z0, zero, t1 - t0, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t1"]}


@mistake(odeint)
def last_step_missing(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N points make N − 1 steps: the solve ends one step before t₁."""
    xp = namespace(z0)
    if steps == 1:
        return z0, lambda bar: {"z0": bar, "t0": xp.zeros_like(t0), "t1": xp.zeros_like(t1),
                                "theta": {name: 0 * entry for name, entry in theta.items()}}
    end = t1 - (t1 - t0) / steps
    z, right = odeint.body(z0, t0, end, theta, velocity=velocity, method=method, steps=steps - 1)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"t0": g["t0"] + g["t1"] / steps, "t1": g["t1"] - g["t1"] / steps}

    return z, pullback


@mistake(odeint)
def one_step_too_many(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N + 1 steps of (t₁ − t₀)/(N + 1)."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps + 1)


# The solver: the value is right, its gradient is not


@mistake(odeint, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def stages_not_coupled(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """k̄_i = h b_i λ: a_ij for a_ji, which is zero for j > i, so that the stages do not hear each other."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], coupled=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def step_size_without_stages(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """h̄ lacks ⟨Ȳ_i, Σ a_ij k_j⟩: the step inside the stages is forgotten."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], stage_steps=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def step_size_without_times(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """h̄ lacks c_i τ_i: the step inside the stages' times is forgotten; right for a field without time."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], stage_times=False)


@mistake(odeint, "gradient.t0", seen="asked about in rtqichen/torchdiffeq #176 and #199")
def start_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ with the opposite sign."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t0"]}


@mistake(odeint, "gradient.t0", "gradient.t1")
def times_as_of_the_flow(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ = ⟨z̄₁, f(z₁, t₁)⟩ and t̄₀ = −⟨z̄₀, f(z₀, t₀)⟩: of the flow, not of the solver."""
    xp = namespace(z0)
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"t0": -xp.sum(g["z0"] * velocity.value(z0, t0, theta)),
                    "t1": xp.sum(bar * velocity.value(z1, t1, theta))}

    return z1, pullback


@mistake(odeint, "gradient.t0", "gradient.t1")
def times_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}


@mistake(odeint, "gradient.theta")
def parameters_of_last_stage(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ collects the last stage of each step alone; right for euler."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], all_stages=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def grid_fixed(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ = Σ h̄_n/N: without n t̄_n, as if t_n did not move with h; right for a field without time."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, moving_grid=False)


@mistake(odeint, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def cotangent_not_passed_on(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every step is pulled back with z̄₁, not with the cotangent of its own end; right for one step."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, passed_on=False)


@mistake(odeint, "gradient.theta")
def parameters_of_last_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ is that of the last step, where the sum over all steps belongs; right for one step."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, all_steps=False)


# The continuous adjoint: all but one leave the value right


@mistake(odeint_adjoint)
def adjoint_of_too_many_steps(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N + 1 steps, forwards and backwards."""
    return odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps + 1)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta")
def adjoint_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """ȧ = +(∂f/∂z)ᵀ a."""
    return backwards(z0, t0, t1, theta, velocity, method, steps, sign=-1)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta")
def state_not_integrated(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """z stays at z₁ on the way back; right for the adjoint of a linear field."""
    return backwards(z0, t0, t1, theta, velocity, method, steps, moving=0)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta", seen="dynamiqs/dynamiqs #51")
def time_not_reversed(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """On the way back the field is asked at t₀ + s for t₁ − s; right for a field without time."""
    return backwards(z0, t0, t1, theta, velocity, method, steps, reverse=False)


@mistake(odeint_adjoint, "gradient.theta")
def parameter_gradient_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ = −∫ (∂f/∂θ)ᵀ a dt: the limits of the integral are exchanged and its sign is not."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: -e for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.theta", seen="rtqichen/torchdiffeq #119")
def parameter_gradient_zero(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The parameters are not handed to the adjoint: θ̄ = 0."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: 0 * e for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.theta")
def parameters_by_euler(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ sums the integrand at the ends of the steps: order one whatever the method; right for euler."""
    return backwards(z0, t0, t1, theta, velocity, method, steps, quadrature=False)


@mistake(odeint_adjoint, "gradient.theta")
def parameter_gradient_averaged(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ is divided by the batch: the parameters are shared by the examples and receive the sum."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    size = z0.shape[0]
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: e / size for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.t0", seen="asked about in rtqichen/torchdiffeq #176 and #199")
def adjoint_start_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ = +⟨a(t₀), f(z(t₀), t₀)⟩."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t0"]}


@mistake(odeint_adjoint, "gradient.t1")
def end_time_of_the_start(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ = ⟨a(t₁), f(z₀, t₀)⟩: the field is asked at the wrong end."""
    xp = namespace(z0)
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: right(bar) | {"t1": xp.sum(bar * velocity.value(z0, t0, theta))}


@mistake(odeint_adjoint, "gradient.t1")
def adjoint_end_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ = −⟨a(t₁), f(z(t₁), t₁)⟩: the sign of the other end."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t1": -g["t1"]}


@mistake(odeint_adjoint, "gradient.t0", "gradient.t1")
def adjoint_times_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}
