"""Of a standard normal number: its density, and the chance to lie beyond a point, with its digits however small."""

from functools import cache
from typing import Any

from refdgm.namespace import Array, namespace

BEYOND = 1 << 10  # from there on both are 0 in all dtypes
SHORT = 16  # parts of one on the grid of short points, whose squares are exact
PARTS = 64  # of one, of which the step of the rule is a whole number


@cache
def _rule(eps: Any) -> tuple[int, int]:
    """The step h in parts, and how many points: e^{−2π²/h²} and e^{−s²/2} beyond them are a thousandth of `eps`."""
    nats, left = 0.0, 1.0
    while left > eps / 1000:
        nats, left = nats + 0.6953125, left / 2  # log 2 is less
    parts = int((2 * 9.8125 / nats) ** 0.5 * PARTS)  # π² is more
    return parts, int((2 * nats) ** 0.5 * PARTS / parts) + 1


def normal_density(x: Array) -> Array:
    """exp(−x²/2) / √(2π).

    What x² rounds off would be an error that grows with it: the exponent is the square of a near short number, which is
    exact, and what is left.
    """
    xp = namespace(x)
    held = xp.maximum(xp.minimum(x, BEYOND), -BEYOND)
    near = xp.floor(held * SHORT) / SHORT
    root = xp.sqrt(2 * xp.full((), xp.pi, dtype=x.dtype, device=x.device))
    return xp.exp(-near * near / 2) * xp.exp((near - held) * (near + held) / 2) / root


def normal_tail(x: Array) -> Array:
    """(1 − erf(|x|/√2)) / 2.

    By the trapezoidal rule, a = |x|: h a √(2/π) φ(a) Σ e^{−s²/2}/(s² + a²) at s = h/2, 3h/2, …, and what the pole at
    s = ia adds, 1/(1 + e^{2πa/h}) for a below 2π/h. All terms are positive: nothing cancels, near zero and in the tail.
    """
    xp = namespace(x)
    parts, many = _rule(float(xp.finfo(x.dtype).eps))
    number = xp.full((), xp.pi, dtype=x.dtype, device=x.device)
    a = xp.minimum(xp.abs(x), BEYOND)
    s = (2 * xp.arange(many, dtype=x.dtype, device=x.device) + 1) * parts / (2 * PARTS)
    terms = xp.exp(-s * s / 2) / (s * s + (a * a)[..., None])
    line = a * parts / PARTS * xp.sqrt(2 / number) * normal_density(a) * xp.sum(terms, axis=-1)
    last = 2 * number * PARTS / parts
    inside = a < last
    pole = 1 / (1 + xp.exp(last * xp.where(inside, a, xp.zeros_like(a))))
    return line + xp.where(inside, pole, xp.zeros_like(a))
