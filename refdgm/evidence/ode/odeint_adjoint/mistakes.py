"""Mistakes in the continuous adjoint of the solver."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.stepping import backwards
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.step import times, weighted
from refdgm.ode.tableau import TABLEAUS

Theta = dict[str, Array]


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
    """a_dot = +(∂f/∂z)ᵀ a."""
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
    """θ_bar = −∫ (∂f/∂θ)ᵀ a dt: the limits of the integral are exchanged and its sign is not."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: -e for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.theta", seen="rtqichen/torchdiffeq #119")
def parameter_gradient_zero(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The parameters are not handed to the adjoint: θ_bar = 0."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: 0 * e for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.theta")
def parameters_by_euler(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar sums the integrand at the ends of the steps: order one whatever the method; right for euler."""
    return backwards(z0, t0, t1, theta, velocity, method, steps, quadrature=False)


@mistake(odeint_adjoint, "gradient.theta")
def parameter_gradient_averaged(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    size = z0.shape[0]
    return z1, lambda bar: (g := right(bar)) | {"theta": {n: e / size for n, e in g["theta"].items()}}


@mistake(odeint_adjoint, "gradient.t0", seen="asked about in rtqichen/torchdiffeq #176 and #199")
def adjoint_start_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ = +⟨a(t₀), f(z(t₀), t₀)⟩."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t0"]}


@mistake(odeint_adjoint, "gradient.t1")
def end_time_of_the_start(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = ⟨a(t₁), f(z₀, t₀)⟩: the field is asked at the wrong end."""
    xp = namespace(z0)
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: right(bar) | {"t1": xp.sum(bar * velocity.value(z0, t0, theta))}


@mistake(odeint_adjoint, "gradient.t1")
def adjoint_end_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = −⟨a(t₁), f(z(t₁), t₁)⟩: the sign of the other end."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t1": -g["t1"]}


@mistake(odeint_adjoint, "gradient.t0", "gradient.t1")
def adjoint_times_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient."""
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}


GRADIENTS = ("gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")


# --- planted by people who had not seen the cases, or after public code ---------------------------


def returning(
    z0: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int,
    held: bool = False, forwards: bool = False,
) -> Any:
    """As `odeint_adjoint`, with the adjoint held within a step, or with the stages' times ahead of the step."""
    xp, table = namespace(z0), TABLEAUS[method]
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    h = (t1 - t0) / steps

    def pullback(bar: Array) -> dict[str, Any]:
        z, a = z1, bar
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(steps):
            fs, slopes, thetas = [], [], []
            for row, c in zip(table.a, table.c, strict=True):
                t = t1 - n * h + times(h if forwards else -h, c)
                f, stage = velocity.vjp(weighted(z, -h, row, fs), t, theta)
                g = stage(a if held else weighted(a, -h, row, slopes))
                fs.append(f)
                slopes.append(-g["z"])
                thetas.append(g["theta"])
            z, a = weighted(z, -h, table.b, fs), weighted(a, -h, table.b, slopes)
            theta_bar = {name: weighted(x, h, table.b, [g[name] for g in thetas]) for name, x in theta_bar.items()}
        t0_bar = -xp.sum(a * velocity.value(z, t0, theta))
        return right(bar) | {"z0": a, "t0": t0_bar, "theta": theta_bar}

    return z1, pullback


@mistake(odeint_adjoint, *GRADIENTS, blind=True)
def gradient_of_the_solver(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The discrete adjoint, that of odeint: the derivative of the value, not what the adjoint equation gives."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta", blind=True)
def adjoint_held_within_a_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages of a step pull back the adjoint at its beginning: the state alone has stages."""
    return returning(z0, t0, t1, theta, velocity, method, steps, held=True)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta", blind=True)
def stage_times_ahead(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """On the way back the stages ask the field at t + c h where t − c h belongs."""
    return returning(z0, t0, t1, theta, velocity, method, steps, forwards=True)


@mistake(odeint_adjoint, "gradient.t0", blind=True)
def start_time_at_the_given_state(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ takes the slope at z₀ as it was given, not where the backward solve arrives."""
    xp = namespace(z0)
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -xp.sum(g["z0"] * velocity.value(z0, t0, theta))}
