"""Other definitions of scores of whole batches, as their authors write them."""

import autograd.numpy as np

from refdgm.evidence.definitions import definition


def logsumexp(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))


def of_moments(real, fake):
    """Covariances with a bias, the root scaled from that of those without."""
    b, m = real.shape[0], fake.shape[0]
    shift = np.sqrt((b - 1) * (m - 1) / (b * m))
    x, y = (x - np.mean(x, axis=0) for x in (real, fake))
    apart = np.mean(real, axis=0) - np.mean(fake, axis=0)
    unbiased = definition("frechet_inception_distance").value(np, x, y)
    s, o = np.sum(x**2), np.sum(y**2)
    root = (s / (b - 1) + o / (m - 1) - unbiased) / 2
    return np.sum(apart**2) + s / b + o / m - 2 * shift * root


def of_no_square(mean_p, cov_p, mean_q, cov_q):
    """How far triangles are apart, the one turned towards the other by Newton's steps."""
    low, other = (np.linalg.cholesky((x + x.T) / 2) for x in (cov_p, cov_q))
    turn = np.dot(low.T, other)
    turn = turn / np.sqrt(np.sum(turn**2))
    for _ in range(40):
        turn = (3 * turn - np.dot(turn, np.dot(turn.T, turn))) / 2
    return np.sqrt(np.sum((mean_p - mean_q) ** 2) + np.sum((low.T - np.dot(turn, other.T)) ** 2))


def biased(real, fake):
    """Plain means of three kernel matrices."""
    k = lambda a, b: np.mean((np.dot(a, b.T) / a.shape[1] + 1) ** 3)
    return k(real, real) + k(fake, fake) - 2 * k(real, fake)


def information(logits):
    """The mutual information of sample and class."""
    s = logits - logsumexp(logits, 1)
    marginal = logsumexp(s, 0) - np.log(1.0 * len(s))
    return np.mean(np.sum(np.exp(s) * (s - marginal), axis=1))


def contrast(query, key, tau):
    logits = np.dot(query, key.T) / tau
    return np.mean(logsumexp(logits, 1)[:, 0] - np.diag(logits))


def contrast_of_both(query, key, tau):
    return (contrast(query, key, tau) + contrast(key, query, tau)) / 2


def of_cosines(of):
    unit = lambda x: x / np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    return lambda query, key, tau: of(unit(query), unit(key), tau)


def of_pairs_of_two(real, fake):
    """What every point has of the others of its batch; none where there are none."""
    length = lambda d: np.sqrt(np.sum(d**2, axis=-1))
    across = np.mean(length(real[:, None] - fake[None]))
    pairs = lambda x: length(x[(two := np.tril_indices(len(x), -1))[0]] - x[two[1]])
    own = lambda x: np.sum(pairs(x)) / max(len(x) * (len(x) - 1) / 2, 1)
    return 2 * across - own(real) - own(fake)


def root_of_kernels(real, fake, bandwidth, *, estimator):
    square = definition("maximum_mean_discrepancy").value(np, real, fake, bandwidth, estimator=estimator)
    return np.sqrt(np.where(square > 0, square, 1.0)) * (square > 0)


def squares_of_quantiles(real, fake):
    return np.mean((np.repeat(np.sort(real), len(fake)) - np.repeat(np.sort(fake), len(real))) ** 2)
