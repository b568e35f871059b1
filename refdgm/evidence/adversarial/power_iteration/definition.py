"""A power iteration, and a matrix over what it finds."""


def power_iteration(xp, W, u, *, iterations):
    for _ in range(iterations):
        v = xp.sum(xp.transpose(W) * u, axis=1)
        v = v / xp.sqrt(xp.sum(v**2))
        u = xp.sum(W * v, axis=1)
        u = u / xp.sqrt(xp.sum(u**2))
    return u, v


def spectral_normalization(xp, W, u, v):
    sigma = xp.sum(u * xp.sum(W * v, axis=1))
    return W / sigma, sigma


def spectral_normalization__usual(xp, W, u, v):
    """By products of a matrix and a vector."""
    sigma = u @ (W @ v)
    return W / sigma, sigma
