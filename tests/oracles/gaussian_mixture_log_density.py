"""The log of the sum of the components' densities, each with its covariance inverted by Gauss and Jordan."""


def inverted(xp, matrices):
    """The inverses and the determinants of positive definite matrices (K, D, D)."""
    size = matrices.shape[1]
    both, determinant = xp.concatenate([matrices, xp.eye(size) + 0 * matrices], axis=2), 1
    for j in range(size):
        pivot = both[:, j : j + 1, j : j + 1]
        determinant = determinant * pivot[:, 0, 0]
        row = both[:, j : j + 1] / pivot
        rest = both - both[:, :, j : j + 1] * row
        both = xp.concatenate([rest[:, :j], row, rest[:, j + 1 :]], axis=1)
    return both[:, :, size:], determinant


def components(xp, x, logits, means, factors, a, sigma):
    """w_k N(x; a mu_k, S_k) of shape (K, B, 1), g_k = S_k^-1 (a mu_k - x) of shape (K, B, D), and S_k^-1."""
    size = x.shape[1]
    covariances = a**2 * (factors @ xp.swapaxes(factors, 1, 2)) + sigma**2 * xp.eye(size)
    inverse, determinant = inverted(xp, covariances)
    weights = xp.exp(logits) / xp.sum(xp.exp(logits))
    offsets = a * means[:, None, :] - x[None]
    g = offsets @ inverse
    quadratic = xp.sum(offsets * g, axis=2, keepdims=True)
    scale = weights / xp.sqrt((2 * xp.pi) ** size * determinant)
    return scale[:, None, None] * xp.exp(-quadratic / 2), g, inverse


def value(xp, x, logits, means, factors, a, sigma):
    density, _, _ = components(xp, x, logits, means, factors, a, sigma)
    return xp.log(xp.sum(density[:, :, 0], axis=0))
