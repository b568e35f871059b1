"""Unit after unit, each the more likely side of its own chance and of a uniform number."""

from refdgm.evidence import traced


def swept(xp, sigma, y, W, b, temperature, u):
    state, sweeps = y, []
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            before, after = state[:, :i], state[:, i + 1:]
            gap = before @ (W[i, :i] + W[:i, i]) / 2 + after @ (W[i, i + 1:] + W[i + 1:, i]) / 2 + W[i, i] / 2 + b[i]
            on = xp.argmax(xp.stack([u[:, t, i], sigma(gap / temperature)], axis=1), axis=1)
            state = xp.concatenate([before, 1.0 * on[:, None], after], axis=1)
        sweeps.append(xp.argmax(xp.stack([1 - state, state], axis=2), axis=2))
    return xp.stack(sweeps, axis=1)


def boltzmann_gibbs_chain(xp, y, W, b, temperature, u):
    return swept(xp, lambda a: 1 / (1 + xp.exp(-a)), y, W, b, temperature, u)


def boltzmann_gibbs_chain__usual(xp, y, W, b, temperature, u):
    """By a library's logistic function."""
    return swept(xp, traced.sigmoid, y, W, b, temperature, u)
