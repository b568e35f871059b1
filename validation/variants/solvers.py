"""Solvers and their continuous adjoints as torchdiffeq has them."""

from functools import wraps
from types import SimpleNamespace
from typing import Any
from unittest import mock

from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density, log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.mistakes.neural_ode import THREE_EIGHTHS
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.ode.odeint_running_cost import odeint_running_cost
from refdgm.ode.tableau import TABLEAUS
from refdgm.variants.variant import variant, variants

Theta = dict[str, Array]
RULE = "rk4 is the 3/8 rule"


@variants(RULE, odeint, odeint_checkpointed, odeint_running_cost, odeint_adjoint, cnf_log_density, ffjord_log_density,
          cnf_log_density_adjoint)
def by_three_eighths(body: Any) -> Any:
    """Kutta's other method of order four under the name of rk4, as in torchdiffeq."""

    @wraps(body)
    def other(*args: Any, **options: Any) -> Any:
        with mock.patch.dict(TABLEAUS, rk4=THREE_EIGHTHS):  # a body looks its method up once, before it steps
            return body(*args, **options)

    return other


def shifted(velocity: Field) -> Field:
    """f(z, t + s, θ) at s = 0, with s among the parameters: its gradient is the integral of ⟨a, ∂f/∂t⟩."""

    def vjp(z: Array, t: Array, theta: Theta) -> tuple[Array, Pullback]:
        f, inner = velocity.vjp(z, t, {name: x for name, x in theta.items() if name != "s"})

        def pullback(bar: Array, wrt: tuple[str, ...] = ()) -> dict[str, Any]:
            grads = inner(bar, wrt=("z", "t", "theta"))
            return {"z": grads["z"], "theta": grads["theta"] | {"s": grads["t"]}}

        return f, pullback

    return Field(velocity.name, velocity.args, lambda z, t, theta: vjp(z, t, theta)[0], vjp)


@variant("t₀ integrated along the way", odeint_adjoint)
def along_the_way(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ = −t̄₁ + ∫ ⟨a, ∂f/∂t⟩ dt over the backward solve, as in torchdiffeq, and not read off where it arrives."""
    shift = {"s": namespace(z0).zeros_like(t0)}
    z1, inner = odeint_adjoint.body(
        z0, t0, t1, theta | shift, velocity=shifted(velocity), method=method, steps=steps
    )

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ()) -> dict[str, Any]:
        grads = inner(z1_bar)
        integral = grads["theta"].pop("s")
        return grads | {"t0": integral - grads["t1"]}

    return z1, pullback


@variant("t₁ integrated along the way", cnf_log_density_adjoint)
def density_along_the_way(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ from the integral of the adjoint's change along the solve from t₀ to t₁, as in torchdiffeq."""
    axes = namespace(x).eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]
    solver: Any = SimpleNamespace(body=along_the_way)
    return log_density(solver, x, axes, axes, t0, t1, theta, velocity, method, steps)


@variant(f"{RULE}, t₀ integrated along the way", odeint_adjoint)
def both(*args: Any, **options: Any) -> Any:
    """These two at once, as torchdiffeq's odeint_adjoint has them."""
    return by_three_eighths(along_the_way)(*args, **options)


@variant(f"{RULE}, t₁ integrated along the way", cnf_log_density_adjoint)
def both_of_the_density(*args: Any, **options: Any) -> Any:
    """These two at once, as torchdiffeq's odeint_adjoint has them."""
    return by_three_eighths(density_along_the_way)(*args, **options)
