"""Between one and a smaller number, by equal steps of a power."""

from refdgm.namespace import Array, namespace

FAR = 1024  # e^{−1024} is zero in float64
LITTLE = 2.0**-100


def log_ratio(high: Array, low: Array) -> Array:
    """log(high / low), of high > low > 0.

    By their difference, unless the quotient may overflow: then by two logarithms, which are far apart.
    """
    xp = namespace(high)
    far = high * LITTLE
    near = xp.log1p((high - low) / xp.maximum(low, far))
    return xp.where(low > far, near, xp.log(high) - xp.log(low))


def power_lerp(share: Array, rest: Array, logarithm: Array, power: Array) -> Array:
    """(1 − w + w e^{−Λ/ρ})^ρ, of w = share < 1, 1 − w = rest, Λ = logarithm and ρ = power.

    For large ρ the bracket is nearly one, and its logarithm is formed without it; for small ones Λ/ρ is kept finite.
    """
    xp = namespace(share)
    exponent = -logarithm / xp.maximum(power, logarithm / FAR)
    z = xp.expm1(exponent)
    near = z > -0.25
    exact = xp.log1p(share * xp.where(near, z, xp.zeros_like(z)))
    return xp.where(near, xp.exp(power * exact), (rest + share * xp.exp(exponent)) ** power)
