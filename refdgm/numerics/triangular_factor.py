"""A covariance as the square of a triangle, and that triangle's inverse: no pivot is looked for."""

from refdgm.namespace import Array, namespace

KEPT = 8  # roundings of a variance: what a pivot exceeds that is not taken for nothing


def triangular_factor(sigma: Array) -> tuple[Array, Array, Array]:
    """F with FᵀF = Σ, upper-triangular; F^{−T}, each row times n; and n, (D, 1), which is 0 where it has none, or 1.

    Cholesky's, by elimination in (Σ, I). A pivot is what is left of a variance when the components before it are known;
    within rounding of that variance it is nothing, whatever its sign: its row of F is zero then, and n. A pivot further
    below zero, which no covariance has, is no number. The units of the components do not matter: SΣS has F S for a
    diagonal S, to the last digits.
    """
    xp = namespace(sigma)
    size = sigma.shape[0]
    rounding = KEPT * float(xp.finfo(sigma.dtype).eps)
    rest = xp.concat([sigma, xp.eye(size, dtype=sigma.dtype, device=sigma.device)], axis=1)
    rows, found = [rest[:0, :]], [sigma[:0, :1]]
    for i in range(size):
        pivot, variance = rest[:1, :1], xp.abs(sigma[i : i + 1, i : i + 1])
        nothing = (pivot <= rounding * variance) & (pivot >= -size * rounding * variance)
        one = xp.ones_like(pivot)
        row = rest[:1, :] / xp.sqrt(xp.where(nothing, one, pivot))
        left = xp.where(nothing, xp.zeros_like(row), row)[:, : size - i]
        rows.append(xp.concat([xp.zeros_like(sigma[:1, :i]), left, row[:, size - i :]], axis=1))
        found.append(xp.where(nothing, xp.zeros_like(pivot), one))
        rest = rest[1:, 1:] - left[:, 1:].T @ row[:, 1:]
    both = xp.concat(rows, axis=0)
    return both[:, :size], both[:, size:], xp.concat(found, axis=0)
