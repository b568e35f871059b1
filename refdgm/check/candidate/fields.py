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
        import autograd.numpy as anp

        from refdgm.evidence.nets import fields

        return fields.Field(anp, field.name, timed=field.args != ("x",), spelling=0)
    if framework in ("numpy", "cupy"):
        return FieldFunction(field, field.value)
    plain = plain_score if field.args == ("x",) else plain_velocity
    return FieldFunction(field, plain(field.name, framework))


def activation(name: str, framework: str) -> Function:
    """φ of a network, by the function of the framework whose derivatives of any order are finite everywhere.

    Those of PyTorch's logaddexp are not: a difference of infinities, where one of its terms vanishes.
    """
    if framework == "torch":
        from torch import sigmoid, tanh
        from torch.nn.functional import softplus

        phi: dict[str, Function] = {
            "mlp_tanh": tanh,
            "mlp_softplus": lambda a: softplus(a, threshold=40.0),  # a from there on, which is the nearest float64
            "mlp_silu": lambda a: a * sigmoid(a),
        }
        return phi[name]
    from jax import nn
    from jax.numpy import tanh

    phi = {"mlp_tanh": tanh, "mlp_softplus": nn.softplus, "mlp_silu": nn.silu}
    return phi[name]


def mlp(name: str, framework: str, h: Any, theta: dict[str, Any]) -> Any:
    phi, depth = activation(name, framework), len(theta) // 2
    for layer in range(1, depth + 1):
        h = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
        h = phi(h) if layer < depth else h
    return h


def plain_score(name: str, framework: str) -> Function:
    """s(x, θ)."""
    if name == "linear":
        return lambda x, theta: x @ theta["A"].T + theta["b"]
    return lambda x, theta: mlp(name, framework, x, theta)


def plain_velocity(name: str, framework: str) -> Function:
    """f(z, t, θ)."""
    if name == "linear":
        return lambda z, t, theta: z @ theta["A"].T + theta["b"]
    if name == "theta_sin":
        return lambda z, t, theta: theta["theta"] * namespace(z).sin(z)
    return lambda z, t, theta: mlp(name, framework, namespace(z).concat([z, 0 * z[:, :1] + t], axis=1), theta)
