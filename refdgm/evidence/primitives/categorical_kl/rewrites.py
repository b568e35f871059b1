"""Divergences of categorical laws, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.categorical_kl import categorical_kl, jensen_shannon_divergence
from refdgm.primitives.softmax import log_softmax, log_sum_exp


def both_logs(logits_p: Any, logits_q: Any) -> Any:
    return log_softmax.body(logits_p), log_softmax.body(logits_q)


def weighted(p: Any, x: Any) -> Any:
    """p x, and 0 where p is 0."""
    return p * np.where(p > 0, x, 0)


@rewrite(categorical_kl)
def of_log_probabilities(logits_p: Any, logits_q: Any) -> Any:
    """Σ p (log p − log q), differentiated through both log-softmaxes."""
    (x, to_p), (y, to_q) = both_logs(logits_p, logits_q)
    p = np.exp(x)
    with np.errstate(invalid="ignore"):
        apart = np.where(p > 0, x - y, 0)
    return np.sum(p * apart, axis=1), lambda bar: {
        "logits_p": to_p(bar[:, None] * p * (apart + 1))["logits"], "logits_q": to_q(-bar[:, None] * p)["logits"]}


@rewrite(categorical_kl)
def of_normalisers(logits_p: Any, logits_q: Any) -> Any:
    """A(b) − A(a) − ⟨p, b − a⟩: the Bregman divergence of the log-normaliser, whose slope is the law."""
    (first, to_p), (second, to_q) = log_sum_exp.body(logits_p), log_sum_exp.body(logits_q)
    one = np.ones_like(first)
    p, q = to_p(one)["logits"], to_q(one)["logits"]
    with np.errstate(invalid="ignore"):
        apart = np.where(p > 0, logits_p - logits_q, 0)
    mean = np.sum(p * apart, axis=1)
    return second - first + mean, lambda bar: {
        "logits_p": bar[:, None] * p * (apart - mean[:, None]), "logits_q": bar[:, None] * (q - p)}


@rewrite(jensen_shannon_divergence)
def by_the_mixture(logits_p: Any, logits_q: Any) -> Any:
    """Both divergences from the mixture, which is held: at it their sum is smallest."""
    (x, _), (y, _) = both_logs(logits_p, logits_q)
    p, q = np.exp(x), np.exp(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.log((p + q) / 2)
        h, g = weighted(p, x - middle), weighted(q, y - middle)
    first, second = np.sum(h, axis=1), np.sum(g, axis=1)
    return (first + second) / 2, lambda bar: {
        "logits_p": bar[:, None] / 2 * (h - p * first[:, None]),
        "logits_q": bar[:, None] / 2 * (g - q * second[:, None])}


@rewrite(jensen_shannon_divergence)
def by_entropies(logits_p: Any, logits_q: Any) -> Any:
    """The entropy of the mixture less the mean of both; its slopes by that of −p log p, which is −log p − 1."""
    (x, _), (y, _) = both_logs(logits_p, logits_q)
    p, q = np.exp(x), np.exp(y)
    middle = (p + q) / 2
    log = lambda u: np.log(np.where(u > 0, u, 1))
    entropy = lambda u: -np.sum(u * log(u), axis=1)
    value = entropy(middle) - (entropy(p) + entropy(q)) / 2

    def to_logits(law: Any) -> Any:
        slope = (log(law) - log(middle)) / 2
        return law * (slope - np.sum(law * slope, axis=1, keepdims=True))

    return value, lambda bar: {"logits_p": bar[:, None] * to_logits(p), "logits_q": bar[:, None] * to_logits(q)}
