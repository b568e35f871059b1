"""Every pair of components times a matrix of cosines and sines."""


def rotary_embedding(xp, x, position, base):
    many = x.shape[2]
    n = many // 2
    angles = [position / xp.exp(xp.log(base) * i / n) for i in range(n)]
    low = [x[:, :, i] * xp.cos(angles[i]) - x[:, :, n + i] * xp.sin(angles[i]) for i in range(n)]
    high = [x[:, :, i] * xp.sin(angles[i]) + x[:, :, n + i] * xp.cos(angles[i]) for i in range(n)]
    return xp.stack(low + high + [x[:, :, i] for i in range(2 * n, many)], axis=2)


def rotary_embedding__powers(xp, x, position, base):
    """Frequencies as powers, and the vector with its halves exchanged."""
    n = x.shape[2] // 2
    angle = position[:, None] * base ** -(xp.arange(n) / max(n, 1))
    twice = xp.concatenate([angle, angle], axis=1)
    turned = xp.concatenate([-x[:, :, n : 2 * n], x[:, :, :n]], axis=2)
    both = x[:, :, : 2 * n] * xp.cos(twice) + turned * xp.sin(twice)
    return xp.concatenate([both, x[:, :, 2 * n :]], axis=2)
