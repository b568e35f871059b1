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


def plain(name: str) -> Callable[..., Any]:
    """The field of a state, of the times that it takes as further inputs, and of θ."""
    if name == "linear":
        return lambda z, *times_theta: anp.dot(z, times_theta[-1]["A"].T) + times_theta[-1]["b"]
    if name == "theta_sin":
        return lambda z, *times_theta: times_theta[-1]["theta"] * anp.sin(z)

    def network(z: Any, *times_theta: Any) -> Any:
        *times, theta = times_theta
        inputs = anp.concatenate([z, *(0 * z[:, :1] + t for t in times)], axis=1) if times else z
        return mlp(ACTIVATIONS[name], inputs, theta)

    return network
