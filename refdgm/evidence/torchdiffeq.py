"""Solvers and their continuous adjoints as torchdiffeq has them."""

from functools import wraps
from typing import Any
from unittest import mock

from refdgm.evidence.stepping import THREE_EIGHTHS
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.tableau import TABLEAUS

Theta = dict[str, Array]
RULE = "rk4 is the 3/8 rule"


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


def along_the_way(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ = −t_bar₁ + ∫ ⟨a, ∂f/∂t⟩ dt over the backward solve, as in torchdiffeq, and not read off where it
    arrives."""
    shift = {"s": namespace(z0).zeros_like(t0)}
    z1, inner = odeint_adjoint.body(
        z0, t0, t1, theta | shift, velocity=shifted(velocity), method=method, steps=steps
    )

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ()) -> dict[str, Any]:
        grads = inner(z1_bar)
        integral = grads["theta"].pop("s")
        return grads | {"t0": integral - grads["t1"]}

    return z1, pullback
