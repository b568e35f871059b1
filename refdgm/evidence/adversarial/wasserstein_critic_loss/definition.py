"""A difference of two means."""


def wasserstein_critic_loss(xp, real, fake):
    return xp.sum(fake) / fake.shape[0] - xp.sum(real) / real.shape[0]


def wasserstein_critic_loss__turned(xp, real, fake):
    """−(mean a − mean b)."""
    return -(xp.sum(real / real.shape[0]) - xp.sum(fake / fake.shape[0]))
