"""A right triangle by its two legs."""

from refdgm.namespace import Array, namespace


def legs(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """x/√(x² + y²), y/√(x² + y²) and √(x² + y²).

    Of positive numbers, in the unit of the larger: no square over- or underflows, and a power of two that multiplies
    both changes no digit.
    """
    xp = namespace(x)
    largest = xp.maximum(x, y)
    a, b = x / largest, y / largest
    root = xp.sqrt(a * a + b * b)
    return a / root, b / root, root * largest
