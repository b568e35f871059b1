"""Other definitions of scores of whole batches, as their authors write them."""

import autograd.numpy as np


def logsumexp(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))


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
