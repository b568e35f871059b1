"""Exponentials over their sum, the quotient that defines softmax.

Differentiating a quotient subtracts what a winner has in common with the sum. `differentiated` is the same
function as one category's odds against each of the others, where nothing cancels.
"""


def value(xp, logits):
    weights = xp.exp(logits)
    return weights / xp.sum(weights, axis=1, keepdims=True)


def differentiated(xp, logits):
    columns = range(logits.shape[1])
    against = [[xp.exp(logits[:, i] - logits[:, j]) for i in columns if i != j] for j in columns]
    return xp.stack([1 / (xp.exp(0 * logits[:, j]) + sum(against[j])) for j in columns], axis=1)
