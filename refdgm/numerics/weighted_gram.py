"""Products of a small weight and the square of a large matrix."""

from refdgm.namespace import Array, namespace


def weighted_gram(share: Array, rows: Array) -> Array:
    """Σ_k r_k W_kᵀ W_k, (B, D, D), of r (K, B) and W (K, D, D), as one product.

    W is measured in units of its own size, which the root of r multiplies before they are squared: the square alone
    may overflow where r is zero.
    """
    xp = namespace(rows)
    size = xp.sum(xp.abs(rows), axis=(1, 2), keepdims=True)
    unit = rows / size
    weight = xp.sqrt(share) * size[:, :, 0]
    (many, batch), dimension = share.shape, rows.shape[1]
    gram = xp.reshape(xp.matrix_transpose(unit) @ unit, (many, dimension * dimension))
    return xp.reshape((weight * weight).T @ gram, (batch, dimension, dimension))
