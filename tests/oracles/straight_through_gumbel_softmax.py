"""One-hot of the largest perturbed logit; differentiated as if it were the softmax."""

from .gumbel_softmax import differentiated


def value(xp, logits, gumbel, tau):
    return xp.eye(logits.shape[1])[xp.argmax(logits + gumbel, axis=1)]


def surrogate(xp, held, logits, gumbel, tau):
    return differentiated(xp, logits, gumbel, tau)
