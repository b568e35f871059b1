"""What a candidate receives for a Field: a plain function `(x, theta)` or `(z, t, theta)` of its own arrays.

For a framework that differentiates it is the named network written out in smooth operations of that framework, so
that derivatives of any order go through it. Who differentiates by hand receives the Field's own value, with its
`vjp` and `jvp` on the function.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from refdgm.namespace import namespace
from refdgm.nets.field import Field
from refdgm.nets.made import allowed

Function = Callable[..., Any]


class FieldFunction:
    """A function with the name of its Field, and the Field's derivatives for candidates that have none.

    Arguments come by position or by the Field's names.
    """

    def __init__(self, field: Field, value: Function) -> None:
        self.name, self.value, self.vjp, self.jvp = field.name, value, field.vjp, field.jvp
        self.args = (*field.args, "theta")

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.value(*args, *[named.pop(name) for name in self.args[len(args):]], **named)


@cache
def written() -> Any:
    """The networks written out: loaded when they are needed, for autograd need not be there, and then kept, for who is
    not trusted has no module of ours while it answers."""
    from refdgm.evidence.nets import fields

    return fields


def as_function(field: Field, framework: str) -> Function:
    """The function that a candidate of this framework receives."""
    if framework == "autograd":
        import autograd.numpy as anp

        return written().Field(anp, field.name, timed=len(field.args) > 1, spelling=0)
    if framework in ("numpy", "cupy"):
        return FieldFunction(field, field.value)
    return FieldFunction(field, plain(field.name, framework))


def activation(name: str, framework: str) -> Function:
    """φ of a network, by the function of the framework whose derivatives of any order are finite everywhere.

    Those of PyTorch's logaddexp are not: a difference of infinities, where one of its terms vanishes.
    """
    if framework == "torch":
        from torch import relu, sigmoid, tanh
        from torch.nn.functional import softplus

        phi: dict[str, Function] = {
            "mlp_tanh": tanh,
            "mlp_softplus": lambda a: softplus(a, threshold=40.0),  # a from there on, which is the nearest float64
            "mlp_silu": lambda a: a * sigmoid(a),
            "mlp_relu": relu,
        }
        return phi[name]
    from jax import nn
    from jax.numpy import tanh

    phi = {"mlp_tanh": tanh, "mlp_softplus": nn.softplus, "mlp_silu": nn.silu, "mlp_relu": nn.relu}
    return phi[name]


def mlp(name: str, framework: str, h: Any, theta: dict[str, Any]) -> Any:
    phi, depth = activation(name, framework), len(theta) // 2
    for layer in range(1, depth + 1):
        h = h @ theta[f"W{layer}"].T + theta[f"b{layer}"]
        h = phi(h) if layer < depth else h
    return h


def masked(framework: str, features: int, theta: dict[str, Any]) -> dict[str, Any]:
    """The weights of a masked perceptron, with zeros where nothing goes through."""
    xp, depth = namespace(theta["W1"]), len(theta) // 2
    device = theta["W1"].device if framework == "torch" else None
    masks = allowed(xp, features, [theta[f"b{n}"].shape[0] for n in range(1, depth + 1)], device)
    return theta | {f"W{n}": xp.where(mask, theta[f"W{n}"], 0 * theta[f"W{n}"]) for n, mask in enumerate(masks, 1)}


def plain(name: str, framework: str) -> Function:
    """The field of a state, of the times that it takes as further inputs, and of θ."""
    if name == "linear":
        return lambda z, *times_theta: z @ times_theta[-1]["A"].T + times_theta[-1]["b"]
    if name == "theta_sin":
        return lambda z, *times_theta: times_theta[-1]["theta"] * namespace(z).sin(z)
    if name.startswith("energy_"):
        return downhill(name, framework)

    if name == "triangular":
        return lambda x, theta: x @ namespace(x).tril(theta["A"], k=-1).T + theta["b"]
    if name.startswith("made_"):
        kind = f"mlp_{name[5:]}"
        return lambda x, theta: mlp(kind, framework, x, masked(framework, x.shape[1], theta))

    def network(z: Any, *times_theta: Any) -> Any:
        *times, theta = times_theta
        inputs = namespace(z).concat([z, *(0 * z[:, :1] + t for t in times)], axis=1) if times else z
        return mlp(name, framework, inputs, theta)

    return network


def downhill(name: str, framework: str) -> Function:
    """s = −∂E/∂x of a network E with one output, by the framework's own gradient, through which others go."""
    if framework == "torch":
        from torch.func import grad
    else:
        from jax import grad
    network = name.replace("energy_", "mlp_")
    return lambda x, theta: -grad(lambda x: mlp(network, framework, x, theta).sum())(x)
