"""A mixture of three Gaussians in the plane with full covariances, and its noised law by SciPy."""

import numpy as np
from scipy.stats import multivariate_normal

LOGITS = np.array([0.3, -0.9, 0.1])
MEANS = np.array([[1.5, -0.5], [-1.0, 2.0], [-0.4, -1.6]])
FACTORS = np.array([[[0.8, 0.0], [0.5, 0.3]], [[0.4, -0.6], [0.1, 0.9]], [[1.1, 0.2], [0.7, 0.5]]])
A, SIGMA = 0.7, 0.6
MIXTURE = (LOGITS, MEANS, FACTORS, A, SIGMA)
WEIGHTS = np.exp(LOGITS) / np.sum(np.exp(LOGITS))
COVARIANCES = FACTORS @ np.swapaxes(FACTORS, 1, 2)
POINTS = np.array([[0.3, 0.4], [-0.2, -1.0], [1.7, -0.6], [-2.5, 2.5], [0.1, 1.2]])


def density(x, a=A, sigma=SIGMA):
    """p(x), from SciPy's normal densities."""
    parts = zip(WEIGHTS, MEANS, COVARIANCES, strict=True)
    return sum(w * multivariate_normal(a * m, a**2 * c + sigma**2 * np.eye(2)).pdf(x) for w, m, c in parts)


def differences(f, x, h=1e-4):
    """∂f/∂x_i at the points, by central differences of fourth order; the new axis comes last."""
    slopes = []
    for step in h * np.eye(x.shape[1]):
        near, far = f(x + step) - f(x - step), f(x + 2 * step) - f(x - 2 * step)
        slopes.append((8 * near - far) / (12 * h))
    return np.stack(slopes, axis=-1)


def posterior(x, moment, cells=241, reach=6.5, a=A, sigma=SIGMA):
    """E[moment(x_0) | x] of one point x by the trapezoidal rule over the plane of x_0: Bayes' rule and nothing else."""
    grid = np.linspace(-reach, reach, cells)
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    prior = sum(w * multivariate_normal(m, c).pdf(points) for w, m, c in zip(WEIGHTS, MEANS, COVARIANCES, strict=True))
    mass = prior * np.exp(-np.sum((x - a * points) ** 2, axis=1) / (2 * sigma**2))
    return np.tensordot(mass, moment(points), axes=1) / np.sum(mass)
