"""Smooth activations φ with φ' and φ''. ReLU is not among them: its φ'' is a mass at the kink, which a
pathwise second-order gradient never sees, and autodiff agrees with that wrong answer."""

from refdgm.namespace import Array, namespace


def tanh(a: Array, order: int) -> tuple[Array, ...]:
    """φ = tanh a, φ' = sech² a, φ'' = −2 φ φ'; 1 − tanh² would cancel in the tails."""
    xp = namespace(a)
    h = xp.tanh(a)
    if order == 0:
        return (h,)
    e = xp.exp(-2 * xp.abs(a))
    slope = 4 * e / ((1 + e) * (1 + e))
    return (h, slope) if order == 1 else (h, slope, -2 * h * slope)


def softplus(a: Array, order: int) -> tuple[Array, ...]:
    """φ = log(1 + eᵃ), φ' = σ(a), φ'' = σ(a) σ(−a)."""
    xp = namespace(a)
    e = xp.exp(-xp.abs(a))
    h = (a + xp.abs(a)) / 2 + xp.log1p(e)
    if order == 0:
        return (h,)
    slope = xp.where(a < 0, e, xp.ones_like(a)) / (1 + e)
    return (h, slope) if order == 1 else (h, slope, e / ((1 + e) * (1 + e)))


def silu(a: Array, order: int) -> tuple[Array, ...]:
    """φ = a g with g = σ(a), φ' = g (1 + a ḡ), φ'' = g ḡ (2 + a (ḡ − g)), where ḡ = 1 − g = σ(−a)."""
    xp = namespace(a)
    e = xp.exp(-xp.abs(a))
    g = xp.where(a < 0, e, xp.ones_like(a)) / (1 + e)
    if order == 0:
        return (a * g,)
    rest = xp.where(a < 0, xp.ones_like(a), e) / (1 + e)
    slope = g * (1 + a * rest)
    return (a * g, slope) if order == 1 else (a * g, slope, g * rest * (2 + a * (rest - g)))


ACTIVATIONS = {"tanh": tanh, "softplus": softplus, "silu": silu}
