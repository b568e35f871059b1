"""Sums over the categories of probabilities and the logarithms of their ratios."""

from refdgm.evidence import traced
from refdgm.evidence.primitives.softmax.definition import log_softmax__usual, softmax


def relative_entropy(xp, p, q):
    """Σ p log(p/q)."""
    return xp.sum(p * xp.log(p / q), axis=1)


def categorical_kl(xp, logits_p, logits_q):
    return relative_entropy(xp, softmax(xp, logits_p), softmax(xp, logits_q))


def categorical_kl__usual(xp, logits_p, logits_q):
    """From log-probabilities."""
    log_p, log_q = log_softmax__usual(xp, logits_p), log_softmax__usual(xp, logits_q)
    return xp.sum(xp.exp(log_p) * (log_p - log_q), axis=1)


def categorical_kl__entropies(xp, logits_p, logits_q):
    """The cross-entropy less the entropy."""
    log_p, log_q = log_softmax__usual(xp, logits_p), log_softmax__usual(xp, logits_q)
    return xp.sum(xp.exp(log_p) * log_p, axis=1) - xp.sum(xp.exp(log_p) * log_q, axis=1)


def categorical_kl__normalisers(xp, logits_p, logits_q):
    """The mean difference of the logits, and that of the log-normalisers: the Bregman divergence of log-sum-exp."""
    p = xp.exp(log_softmax__usual(xp, logits_p))
    lifted = traced.log_sum_exp(logits_q, 1) - traced.log_sum_exp(logits_p, 1)
    return xp.sum(p * (logits_p - logits_q), axis=1) + lifted


def mixed(xp, log_p, log_q):
    """The logarithm of (p + q)/2, as a log-sum of two exponentials."""
    return traced.log_sum_exp(xp.stack([log_p, log_q], axis=0), 0) - xp.log(2.0)


def jensen_shannon_divergence(xp, logits_p, logits_q):
    p, q = softmax(xp, logits_p), softmax(xp, logits_q)
    middle = (p + q) / 2
    return (relative_entropy(xp, p, middle) + relative_entropy(xp, q, middle)) / 2


def jensen_shannon_divergence__usual(xp, logits_p, logits_q):
    """From log-probabilities."""
    log_p, log_q = log_softmax__usual(xp, logits_p), log_softmax__usual(xp, logits_q)
    middle = mixed(xp, log_p, log_q)
    return xp.sum(xp.exp(log_p) * (log_p - middle) + xp.exp(log_q) * (log_q - middle), axis=1) / 2


def jensen_shannon_divergence__entropies(xp, logits_p, logits_q):
    """The entropy of the mixture less the mean of both."""
    log_p, log_q = log_softmax__usual(xp, logits_p), log_softmax__usual(xp, logits_q)
    middle = mixed(xp, log_p, log_q)
    of_both = xp.sum(xp.exp(log_p) * log_p + xp.exp(log_q) * log_q, axis=1) / 2
    return of_both - xp.sum(xp.exp(middle) * middle, axis=1)
