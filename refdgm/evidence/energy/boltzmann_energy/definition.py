"""Minus half of the sum over all pairs, and minus that over all units."""


def boltzmann_energy(xp, y, W, b):
    pairs = xp.sum(xp.sum(W * y[:, :, None] * y[:, None, :], axis=2), axis=1)
    return -pairs / 2 - xp.sum(b * y, axis=1)


def boltzmann_energy__usual(xp, y, W, b):
    """A quadratic form, by products of matrices."""
    return -0.5 * xp.sum((y @ W) * y, axis=1) - y @ b


def boltzmann_energy__field(xp, y, W, b):
    """Every unit in the field of the others."""
    return -xp.sum(y * (0.5 * (y @ W.T) + b), axis=1)


def boltzmann_energy__paired(xp, y, W, b):
    """Of each pair the two weights together."""
    return -xp.sum((y @ ((W + W.T) / 4)) * y, axis=1) - xp.sum(y * b, axis=1)
