"""The logarithm of p^x q^(1 − x) with p = 1/(1 + e^(−l)) and q = 1 − p, added up over all components of an example."""

from refdgm.evidence import traced
from refdgm.evidence.diffusion.components import total


def bernoulli_log_likelihood(xp, logits, x):
    p, q = 1 / (1 + xp.exp(-logits)), 1 / (1 + xp.exp(logits))
    return total(xp, x * xp.log(p) + (1 - x) * xp.log(q))


def bernoulli_log_likelihood__usual(xp, logits, x):
    """By softplus of both signs."""
    return -total(xp, x * traced.softplus(-logits) + (1 - x) * traced.softplus(logits))


def bernoulli_log_likelihood__linear(xp, logits, x):
    """The line x l less the softplus, which is a line itself where the chance of the other is below 2e-9."""
    return total(xp, x * logits - traced.linear_softplus(logits))


def bernoulli_log_likelihood__logits(xp, logits, x):
    """As libraries have it for logits."""
    up = xp.where(logits > 0, logits, 0.0)
    return -total(xp, up - logits * x + traced.softplus(xp.where(logits > 0, -logits, logits)))


def bernoulli_log_likelihood__curve(xp, logits, x):
    """The line x l less the softplus."""
    return total(xp, x * logits - traced.softplus(logits))
