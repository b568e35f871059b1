"""Rows made orthonormal: the inverse triangular factor of a covariance a² F Fᵀ + σ² I, which is never formed."""

from refdgm.namespace import Array, namespace


def whitening(factors: Array, a: Array, sigma: Array) -> tuple[Array, Array]:
    """W_k F_k and W_k, lower-triangular, with W_k (a² F_k F_kᵀ + σ² I) W_kᵀ = I.

    The rows of (a F_k, σ I) are made orthonormal by Gram and Schmidt's method, twice, for once loses digits where they
    are nearly parallel. The covariance, whose condition is the square of its factor's, is never formed.
    """
    xp = namespace(factors)
    size, zero = factors.shape[1], xp.zeros_like(factors)
    scale = xp.concat([a + zero[:1, :1, :], sigma + zero[:1, :1, :]], axis=2)[0, :, :]
    wide = xp.concat([factors, zero + xp.eye(size, dtype=factors.dtype, device=factors.device)], axis=2)
    rows = [wide[:, i, :] for i in range(size)]
    for i in (*range(size), *range(size)):
        scaled = rows[i] * scale
        n = xp.sum(xp.abs(scaled), axis=1, keepdims=True)                     # for squares may overflow or vanish
        scaled = scaled / n
        rows[i] = rows[i] / n / xp.sqrt(xp.sum(scaled * scaled, axis=1, keepdims=True))
        for j in range(i + 1, size):
            rows[j] = rows[j] - xp.vecdot(rows[i] * scale, rows[j] * scale)[:, None] * rows[i]
    white = xp.stack(rows, axis=1) if rows else wide
    return white[:, :, :size], white[:, :, size:]
