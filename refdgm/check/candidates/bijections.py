"""What a candidate receives for a Bijection: an object with two plain functions of its own arrays, `forward(z, theta)`
and `inverse(x, theta)`, each returning the image and the log-determinant of its direction.

For a framework that differentiates they are smooth operations of that framework; who differentiates by hand finds the
Bijection's own pairs of answer and pullback under `forward_vjp` and `inverse_vjp`.
"""

from collections.abc import Callable
from typing import Any

from refdgm.check.candidates.fields import activation, mlp, plain
from refdgm.flow.bijection import NETWORKS, Bijection, of
from refdgm.namespace import namespace

Function = Callable[..., Any]
NEWTON = 64  # steps to the root of a planar layer


class BijectionFunctions:
    """The two directions, and the Bijection's pullbacks for candidates that have none."""

    def __init__(self, bijection: Bijection, forward: Function, inverse: Function) -> None:
        self.name, self.forward, self.inverse = bijection.name, forward, inverse
        self.forward_vjp, self.inverse_vjp = bijection.forward, bijection.inverse


def as_functions(bijection: Bijection, framework: str) -> Any:
    """What a candidate of this framework receives."""
    if framework == "autograd":
        import autograd.numpy as anp

        from refdgm.evidence.flow.bijections import Bijection as Written

        return Written(anp, bijection.name, usual=True)
    if framework in ("numpy", "cupy"):
        return BijectionFunctions(bijection, lambda z, theta: bijection.forward(z, theta)[0],
                                  lambda x, theta: bijection.inverse(x, theta)[0])
    kind, _, name = bijection.name.partition("_")
    if kind == "planar":
        return BijectionFunctions(bijection, *_planar(framework))
    pair = _coupling(f"mlp_{name}", framework) if kind == "coupling" else _autoregressive(plain(name, framework))
    return BijectionFunctions(bijection, *pair)


def _coupling(network: str, framework: str) -> tuple[Function, Function]:
    def parts(x: Any, theta: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
        many = x.shape[1] // 2
        stays, moves = x[:, : x.shape[1] - many], x[:, x.shape[1] - many :]
        r_t = mlp(network, framework, stays, theta)
        return stays, moves, namespace(x).tanh(r_t[:, :many]), r_t[:, many:]

    def forward(z: Any, theta: dict[str, Any]) -> Any:
        xp = namespace(z)
        stays, moves, log_scale, shift = parts(z, theta)
        return xp.concat([stays, moves * xp.exp(log_scale) + shift], axis=1), xp.sum(log_scale, axis=1)

    def inverse(x: Any, theta: dict[str, Any]) -> Any:
        xp = namespace(x)
        stays, moves, log_scale, shift = parts(x, theta)
        return xp.concat([stays, (moves - shift) * xp.exp(-log_scale)], axis=1), -xp.sum(log_scale, axis=1)

    return forward, inverse


def _planar(framework: str) -> tuple[Function, Function]:
    softplus, tanh = activation("mlp_softplus", framework), activation("mlp_tanh", framework)

    def parts(x: Any, theta: dict[str, Any]) -> tuple[Any, Any, Any]:
        """u_hat, log(1 + e^κ), and ⟨w, x⟩ + b."""
        u, w = theta["u"], theta["w"]
        along = u @ w
        size = softplus(along)
        return u + (size - 1 - along) / (w @ w) * w, size, x @ w + theta["b"]

    def step(a: Any, size: Any, y: Any) -> Any:
        h = tanh(a)
        return a - (a - h + size * h - y) / (h * h + (1 - h * h) * size)

    def image(x: Any, hat: Any, size: Any, a: Any, sign: int) -> Any:
        h = tanh(a)
        log_det = namespace(x).log(h * h + (1 - h * h) * size)
        return x + sign * h[:, None] * hat, sign * log_det

    def forward(z: Any, theta: dict[str, Any]) -> Any:
        return image(z, *parts(z, theta), 1)

    def inverse(x: Any, theta: dict[str, Any]) -> Any:
        hat, size, y = parts(x, theta)
        kept, target = still(size, framework), still(y, framework)
        far = abs(target)
        a = target / (kept + far / (1 + far))
        for _ in range(NEWTON):
            a = step(a, kept, target)
        for _ in range(2):  # with a tape: the first brings the slope of the root, the second its curvature
            a = step(a, size, y)
        return image(x, hat, size, a, -1)

    return forward, inverse


def still(x: Any, framework: str) -> Any:
    """The numbers alone."""
    if framework == "torch":
        return x.detach()
    from jax.lax import stop_gradient

    return stop_gradient(x)


def _autoregressive(network: Function) -> tuple[Function, Function]:
    def said(x: Any, theta: dict[str, Any]) -> tuple[Any, Any]:
        shift, scale = (network(x, of(one, theta)) for one in NETWORKS)
        return shift, namespace(x).tanh(scale)

    def forward(z: Any, theta: dict[str, Any]) -> Any:
        xp, x = namespace(z), 0 * z
        for _ in range(z.shape[1]):  # each time one component more is right
            shift, log_scale = said(x, theta)
            x = z * xp.exp(log_scale) + shift
        return x, xp.sum(log_scale, axis=1)

    def inverse(x: Any, theta: dict[str, Any]) -> Any:
        xp, (shift, log_scale) = namespace(x), said(x, theta)
        return (x - shift) * xp.exp(-log_scale), -xp.sum(log_scale, axis=1)

    return forward, inverse
