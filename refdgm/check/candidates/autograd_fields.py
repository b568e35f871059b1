"""The named fields in autograd.numpy. φ' is written as the textbooks and the frameworks have it, 1 − tanh² and
σ (1 − σ): it loses digits where they do, which is what an honest evaluation costs."""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
from autograd.extend import defvjp, primitive

tanh = primitive(lambda a: anp.tanh(a))
defvjp(tanh, lambda y, a: lambda g: g * (1 - y**2))

sigmoid = primitive(lambda a: 1 / (1 + anp.exp(-a)))
defvjp(sigmoid, lambda y, a: lambda g: g * y * (1 - y))

LINEAR_BEYOND = anp.inf  # from here on softplus(a) is a, in libraries that have it so; see `tolerance.py`

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "mlp_tanh": tanh,
    "mlp_softplus": lambda a: anp.where(a > LINEAR_BEYOND, a, anp.logaddexp(0.0, a)),
    "mlp_silu": lambda a: a * sigmoid(a),
}


def mlp(phi: Callable[[Any], Any], h: Any, theta: dict[str, Any]) -> Any:
    depth = len(theta) // 2
    for layer in range(1, depth + 1):
        h = anp.dot(h, theta[f"W{layer}"].T) + theta[f"b{layer}"]
        h = phi(h) if layer < depth else h
    return h


def score(name: str) -> Callable[..., Any]:
    """s(x, θ)."""
    if name == "linear":
        return lambda x, theta: anp.dot(x, theta["A"].T) + theta["b"]
    return lambda x, theta: mlp(ACTIVATIONS[name], x, theta)


def velocity(name: str) -> Callable[..., Any]:
    """f(z, t, θ)."""
    if name == "theta_sin":
        return lambda z, t, theta: theta["theta"] * anp.sin(z)
    if name == "linear":
        return lambda z, t, theta: anp.dot(z, theta["A"].T) + theta["b"]
    return lambda z, t, theta: mlp(ACTIVATIONS[name], anp.concatenate([z, 0 * z[:, :1] + t], axis=1), theta)
