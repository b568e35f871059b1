"""The logistic function of what turning a unit on takes from the energy."""

from refdgm.evidence import traced


def boltzmann_conditional(xp, y, W, b, temperature):
    diagonal = W * xp.eye(W.shape[0])
    others = (W + W.T) / 2 - diagonal
    gap = xp.sum(others * y[:, None, :], axis=2) + xp.sum(diagonal, axis=0) / 2 + b
    return 1 / (1 + xp.exp(-gap / temperature))


def field(xp, y, W, b):
    diagonal = W * xp.eye(W.shape[0])
    return y @ ((W + W.T) / 2 - diagonal) + xp.sum(diagonal, axis=0) / 2 + b


def boltzmann_conditional__usual(xp, y, W, b, temperature):
    """A library's logistic function of the field of the others."""
    return traced.sigmoid(field(xp, y, W, b) / temperature)


def boltzmann_conditional__halved(xp, y, W, b, temperature):
    """Half of one plus a hyperbolic tangent."""
    return 0.5 * (1 + xp.tanh(0.5 * field(xp, y, W, b) / temperature))


def boltzmann_conditional__corrected(xp, y, W, b, temperature):
    """The field of all units, less what a unit adds to its own."""
    whole, own = (W + W.T) / 2, xp.sum(W * xp.eye(W.shape[0]), axis=0)
    return traced.sigmoid((y @ whole + b + own * (0.5 - y)) / temperature)
