"""Activations: smooth ones φ with φ' and φ'', and ReLU with φ' alone. The φ'' of ReLU is a mass at its kink, which a
pathwise second-order gradient never sees, and autodiff agrees with that wrong answer.

Where σ(a) itself is subnormal (a < −708 in float64, −87 in float32) SiLU has the digits that σ(a) has left.
"""

from collections.abc import Callable

from refdgm.errors import ArgumentError
from refdgm.namespace import Array, namespace

Activation = Callable[[Array, int], tuple[Array, ...]]


def shares(a: Array) -> tuple[Array, Array]:
    """n, d with n/d = eᵃ and the larger of them 1, so that neither overflows: σ(a) = n/(n + d), σ(−a) = d/(n + d)."""
    xp = namespace(a)
    return xp.exp(xp.minimum(a, 0)), xp.exp(xp.minimum(-a, 0))


def tanh(a: Array, order: int) -> tuple[Array, ...]:
    """φ = tanh a, φ' = sech² a with sech a = e^{−|a|} (1 + |φ|), φ'' = −2 φ φ'; 1 − φ² would cancel in the tails."""
    xp = namespace(a)
    h = xp.tanh(a)
    if order == 0:
        return (h,)
    slope = xp.exp(-xp.abs(a))
    slope *= 1 + xp.abs(h)  # sech a; in place, for a fresh array costs more than the product
    slope *= slope
    return (h, slope) if order == 1 else (h, slope, -2 * h * slope)


def softplus(a: Array, order: int) -> tuple[Array, ...]:
    """φ = log(1 + eᵃ), φ' = σ(a), φ'' = σ(a) σ(−a)."""
    xp = namespace(a)
    top = xp.maximum(a, 0)
    n, d = xp.exp(xp.minimum(a, 0)), xp.exp(-top)
    h = top + xp.log1p(n * d)
    if order == 0:
        return (h,)
    whole = n + d
    n /= whole
    return (h, n) if order == 1 else (h, n, n * (d / whole))


def silu(a: Array, order: int) -> tuple[Array, ...]:
    """φ = a g with g = σ(a), φ' = g + a g g_bar, φ'' = g g_bar (2 + a (g_bar − g)), where g_bar = 1 − g = σ(−a)."""
    xp = namespace(a)
    most = float(xp.finfo(a.dtype).max)
    a = xp.maximum(a, -most)  # an a that overflowed is ±∞: times a zero it would not be a number
    low = xp.minimum(a, 0)
    g, rest = xp.exp(low), xp.exp(low - a)  # the shares of a > −∞, with one pass less
    whole = g + rest
    g /= whole
    h = a * g
    if order == 0:
        return (h,)
    rest /= whole
    slope = xp.minimum(h, most)
    slope *= rest
    slope += g
    return (h, slope) if order == 1 else (h, slope, g * rest * (2 + xp.minimum(a, most) * (rest - g)))


def relu(a: Array, order: int) -> tuple[Array, ...]:
    """φ = max(a, 0), φ' = 1 where a > 0, else 0: at the kink 0 by convention, as PyTorch and JAX have it. No φ''."""
    xp = namespace(a)
    h = xp.maximum(a, 0)
    return (h,) if order == 0 else (h, xp.astype(a > 0, a.dtype))


ACTIVATIONS: dict[str, Activation] = {"tanh": tanh, "softplus": softplus, "silu": silu}
FIRST_ORDER: dict[str, Activation] = ACTIVATIONS | {"relu": relu}  # where no second derivative is taken
KINKED = ("ReLU's second derivative is a mass at its kink, so that every pointwise gradient of its slope is wrong: "
          "take silu or softplus")


def smooth(activation: str) -> Activation:
    """The activation, where its curvature enters."""
    if activation not in ACTIVATIONS:
        raise ArgumentError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}; {KINKED}")
    return ACTIVATIONS[activation]
