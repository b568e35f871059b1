"""Division by a temperature."""

from refdgm.namespace import Array, namespace


def cooled(x: Array, tau: Array) -> Array:
    """x / τ, for x ≤ 0 and τ > 0.

    It stops near a quarter of the lowest number, where e^z has long been zero: there −∞ ends, and what the division
    would take beyond the range, so that 0 · z is 0. Below τ = 1 the cut is made before the division.
    """
    xp = namespace(x)
    lowest = xp.finfo(x.dtype).max / -4
    floor = xp.where(tau < 1, xp.minimum(tau, 1) * lowest, xp.full_like(tau, -xp.inf))
    return xp.maximum(xp.maximum(x, floor) / tau, lowest)
