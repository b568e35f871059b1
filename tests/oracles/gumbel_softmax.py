"""Softmax of the perturbed logits at a temperature, as the quotient that defines it.

Differentiating a quotient subtracts what a winner has in common with the sum. `differentiated` is the same
function as one category's odds against each of the others, where nothing cancels.
"""


def value(xp, logits, gumbel, tau):
    weights = xp.exp((logits + gumbel) / tau)
    return weights / xp.sum(weights, axis=1, keepdims=True)


def differentiated(xp, logits, gumbel, tau):
    u, columns = logits + gumbel, range(logits.shape[1])
    against = [[xp.exp((u[:, i] - u[:, j]) / tau) for i in columns if i != j] for j in columns]
    return xp.stack([1 / (xp.exp(0 * u[:, j]) + sum(against[j])) for j in columns], axis=1)
