"""Means, and traces: of the covariances, and of the root of their product."""

from refdgm.evidence.metrics.frechet_inception_distance.definition import trace, trace_of_root


def symmetric(xp, a):
    return (a + xp.swapaxes(a, 0, 1)) / 2


def frechet_distance(xp, mean_p, cov_p, mean_q, cov_q):
    sigma, omega = symmetric(xp, cov_p), symmetric(xp, cov_q)
    apart = mean_p - mean_q
    return xp.sum(apart * apart) + trace(sigma) + trace(omega) - 2 * trace_of_root(xp, sigma @ omega)


def root(xp, a):
    """By eigenvalues and eigenvectors."""
    found, vectors = xp.linalg.eigh(a)
    return (vectors * xp.sqrt(found)) @ vectors.T


def frechet_distance__roots(xp, mean_p, cov_p, mean_q, cov_q):
    """Σ^½ from eigenvectors, and the roots of the eigenvalues of Σ^½ Ω Σ^½."""
    sigma, omega = symmetric(xp, cov_p), symmetric(xp, cov_q)
    half = root(xp, sigma)
    between = xp.sum(xp.sqrt(xp.linalg.eigh(half @ omega @ half)[0]))
    return xp.sum((mean_p - mean_q) ** 2) + trace(sigma) + trace(omega) - 2 * between
