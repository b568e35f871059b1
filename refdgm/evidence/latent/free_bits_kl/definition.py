"""The divergence of every latent, its mean over the batch, and the larger of it and the floor: (u + v + |u − v|)/2."""


def means(xp, mean, logvar):
    return xp.sum(xp.exp(logvar) + mean**2 - 1 - logvar, axis=0) / (2 * mean.shape[0])


def free_bits_kl(xp, mean, logvar, floor):
    kl = means(xp, mean, logvar)
    return xp.sum(kl + floor + xp.abs(kl - floor)) / 2


def free_bits_kl__usual(xp, mean, logvar, floor):
    """The larger one, chosen."""
    kl = means(xp, mean, logvar)
    return xp.sum(xp.where(kl > floor, kl, floor + 0 * kl))
