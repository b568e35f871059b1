"""A mixture of Gaussians, noised: by the densities of its components, or (`…__usual`) by their logarithms."""

from refdgm.evidence import traced


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


def gaussian_mixture_log_density(xp, x, logits, means, factors, a, sigma):
    """The log of the sum of the components' densities, each with its covariance inverted by Gauss and Jordan."""
    density, _, _ = components(xp, x, logits, means, factors, a, sigma)
    return xp.log(xp.sum(density[:, :, 0], axis=0))


def gaussian_mixture_score(xp, x, logits, means, factors, a, sigma):
    """The gradient of the density over the density."""
    density, g, _ = components(xp, x, logits, means, factors, a, sigma)
    return xp.sum(density * g, axis=0) / xp.sum(density, axis=0)


def gaussian_mixture_hessian(xp, x, logits, means, factors, a, sigma):
    """The second derivative of the density over the density, less the score times itself."""
    density, g, inverse = components(xp, x, logits, means, factors, a, sigma)
    curved = xp.sum(density[:, :, :, None] * (g[:, :, :, None] * g[:, :, None, :] - inverse[:, None]), axis=0)
    s = gaussian_mixture_score(xp, x, logits, means, factors, a, sigma)
    return curved / xp.sum(density, axis=0)[:, :, None] - s[:, :, None] * s[:, None, :]


def logarithms(xp, x, logits, means, factors, a, sigma):
    """log w_k N(x; a μ_k, S_k) of shape (K, B), S_k⁻¹ (a μ_k − x) and S_k⁻¹."""
    size = x.shape[1]
    covariances = a**2 * (factors @ xp.swapaxes(factors, 1, 2)) + sigma**2 * xp.eye(size)
    inverse, determinant = inverted(xp, covariances)
    offsets = a * means[:, None, :] - x
    g = offsets @ inverse
    weights = logits - xp.log(xp.sum(xp.exp(logits - xp.max(logits)))) - xp.max(logits)
    constants = weights - xp.log(determinant) / 2 - size * xp.log(2 * xp.pi) / 2
    return constants[:, None] - xp.sum(offsets * g, axis=2) / 2, g, inverse


def shares(xp, terms):
    """p(k | x) = exp(log p(k, x) − log p(x)), of shape (K, B, 1)."""
    return xp.exp(terms - traced.log_sum_exp(terms, 0))[:, :, None]


def gaussian_mixture_log_density__usual(xp, x, logits, means, factors, a, sigma):
    return traced.log_sum_exp(logarithms(xp, x, logits, means, factors, a, sigma)[0], 0)


def gaussian_mixture_score__usual(xp, x, logits, means, factors, a, sigma):
    terms, g, _ = logarithms(xp, x, logits, means, factors, a, sigma)
    return xp.sum(shares(xp, terms) * g, axis=0)


def gaussian_mixture_hessian__usual(xp, x, logits, means, factors, a, sigma):
    terms, g, inverse = logarithms(xp, x, logits, means, factors, a, sigma)
    r = shares(xp, terms)
    s = xp.sum(r * g, axis=0)
    curved = xp.sum(r[:, :, :, None] * (g[:, :, :, None] * g[:, :, None, :] - inverse[:, None]), axis=0)
    return curved - s[:, :, None] * s[:, None, :]
