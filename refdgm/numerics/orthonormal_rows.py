"""Square matrices, measured in units of their own, and their rows made orthonormal: no pivot is looked for."""

from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one


def in_units(matrix: Array) -> tuple[Array, Array, Array]:
    """M_ij / (r_i c_j), r and c.

    r_i is the largest of its row, c_j then of its column, not divided by where it is zero: rows and columns of any size
    are told apart, and no square overflows or vanishes. All three are (B, ·, ·).
    """
    xp = namespace(matrix)
    if not matrix.shape[1]:
        return matrix, xp.sum(matrix, axis=2, keepdims=True), xp.sum(matrix, axis=1, keepdims=True)
    rows = xp.max(xp.abs(matrix), axis=2, keepdims=True)
    matrix = matrix / or_one(rows)
    columns = xp.max(xp.abs(matrix), axis=1, keepdims=True)
    return matrix / or_one(columns), rows, columns


def orthonormal_rows(matrix: Array) -> tuple[Array, Array, Array]:
    """Q = W M with Q Qᵀ = I and W lower-triangular, and n with |det M| = Π n.

    Of M (B, D, D), by Gram and Schmidt's method, twice, for once loses digits where rows are nearly parallel. n is the
    length of a row when its turn comes, (B, 2 D, 1); a length of zero is not divided by.
    """
    xp = namespace(matrix)
    size = matrix.shape[1]
    wide = xp.concat([matrix, xp.zeros_like(matrix) + xp.eye(size, dtype=matrix.dtype, device=matrix.device)], axis=2)
    norms = [xp.sum(matrix[:, :0, :], axis=2, keepdims=True)]
    for _ in range(2):
        done = [wide[:, :0, :]]
        for _ in range(size):
            first, wide = wide[:, :1, :], wide[:, 1:, :]
            along = xp.matrix_transpose(first[:, :, :size])
            square = first[:, :, :size] @ along
            wide = wide - (wide[:, :, :size] @ along) / or_one(square) * first
            norms.append(xp.sqrt(square))
            done.append(first / or_one(norms[-1]))
        wide = xp.concat(done, axis=1)
    return wide[:, :, :size], wide[:, :, size:], xp.concat(norms, axis=1)
