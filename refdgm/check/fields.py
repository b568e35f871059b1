"""What a candidate receives for a Field: a plain function `(x, theta)` or `(z, t, theta)` of its own arrays.

It is the reference's own text, running on the candidate's arrays, with `name`, `vjp` and `jvp` on it for candidates
that differentiate by hand. HIPS autograd cannot trace that text, so for it the named networks are written out here.
"""

from collections.abc import Callable
from typing import Any

from refdgm.nets.field import Field


class FieldFunction:
    """A Field as a function; differentiable by whatever framework its arguments belong to."""

    def __init__(self, field: Field) -> None:
        self.name, self.value, self.vjp, self.jvp = field.name, field.value, field.vjp, field.jvp

    def __call__(self, *args: Any) -> Any:
        return self.value(*args)


def as_function(field: Field, framework: str) -> Callable[..., Any]:
    """The function that a candidate of this framework receives."""
    if framework != "autograd":
        return FieldFunction(field)
    score, velocity = with_autograd(field.name)
    return score if field.args == ("x",) else velocity


def with_autograd(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The named field as score and as velocity, in autograd.numpy."""
    import autograd.numpy as anp

    phi = {
        "mlp_tanh": anp.tanh,
        "mlp_softplus": lambda a: anp.logaddexp(0.0, a),
        "mlp_silu": lambda a: a / (1 + anp.exp(-a)),
    }.get(name)

    def mlp(h: Any, theta: dict[str, Any]) -> Any:
        depth = len(theta) // 2
        for layer in range(1, depth + 1):
            h = anp.dot(h, theta[f"W{layer}"].T) + theta[f"b{layer}"]
            h = phi(h) if phi is not None and layer < depth else h
        return h

    def score(x: Any, theta: dict[str, Any]) -> Any:
        return anp.dot(x, theta["A"].T) + theta["b"] if name == "linear" else mlp(x, theta)

    def velocity(z: Any, t: Any, theta: dict[str, Any]) -> Any:
        if name == "theta_sin":
            return theta["theta"] * anp.sin(z)
        return score(z if name == "linear" else anp.concatenate([z, 0 * z[:, :1] + t], axis=1), theta)

    return score, velocity
