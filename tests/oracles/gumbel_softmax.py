"""Softmax of the perturbed logits at a temperature, as the quotient that defines it."""


def value(xp, logits, gumbel, tau):
    weights = xp.exp((logits + gumbel) / tau)
    return weights / xp.sum(weights, axis=1, keepdims=True)
