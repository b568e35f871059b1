"""What a candidate receives for a Field: a plain function `(x, theta)` or `(z, t, theta)` of its own arrays.

For a framework that differentiates it is the named network written out in smooth operations of that framework, so
that derivatives of any order go through it. Who differentiates by hand receives the Field's own value, with its
`vjp` and `jvp` on the function.
"""

from collections.abc import Callable
from typing import Any

from refdgm.namespace import namespace
from refdgm.nets.field import Field

Function = Callable[..., Any]


class FieldFunction:
    """A function with the name of its Field, and the Field's derivatives for candidates that have none."""

    def __init__(self, field: Field, value: Function) -> None:
        self.name, self.value, self.vjp, self.jvp = field.name, value, field.vjp, field.jvp

    def __call__(self, *args: Any) -> Any:
        return self.value(*args)


def as_function(field: Field, framework: str) -> Function:
    """The function that a candidate of this framework receives."""
    if framework == "autograd":
        from refdgm.check.autograd_fields import score, velocity

        return score(field.name) if field.args == ("x",) else velocity(field.name)
    if framework in ("numpy", "cupy"):
        return FieldFunction(field, field.value)
    return FieldFunction(
        field, plain_score(field.name) if field.args == ("x",) else plain_velocity(field.name)
    )


PHI: dict[str, Function] = {
    "mlp_tanh": lambda xp, a: xp.tanh(a),
    "mlp_softplus": lambda xp, a: xp.logaddexp(a, xp.zeros_like(a)),
    "mlp_silu": lambda xp, a: a * xp.exp(-xp.logaddexp(-a, xp.zeros_like(a))),  # σ(a) without overflow
}


def mlp(name: str, h: Any, theta: dict[str, Any]) -> Any:
    xp, depth = namespace(h), len(theta) // 2
    for layer in range(1, depth + 1):
        h = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
        h = PHI[name](xp, h) if layer < depth else h
    return h


def plain_score(name: str) -> Function:
    """s(x, θ)."""
    if name == "linear":
        return lambda x, theta: x @ theta["A"].T + theta["b"]
    return lambda x, theta: mlp(name, x, theta)


def plain_velocity(name: str) -> Function:
    """f(z, t, θ)."""
    if name == "linear":
        return lambda z, t, theta: z @ theta["A"].T + theta["b"]
    if name == "theta_sin":
        return lambda z, t, theta: theta["theta"] * namespace(z).sin(z)
    return lambda z, t, theta: mlp(name, namespace(z).concat([z, 0 * z[:, :1] + t], axis=1), theta)
