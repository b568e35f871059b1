"""Two margins, max(0, u) = (u + |u|)/2."""

from refdgm.evidence import traced


def hinge_discriminator_loss(xp, real, fake):
    short, over = 1 - real, 1 + fake
    return xp.sum(short + xp.abs(short)) / (2 * real.shape[0]) + xp.sum(over + xp.abs(over)) / (2 * fake.shape[0])


def hinge_discriminator_loss__usual(xp, real, fake):
    """By a rectifier."""
    return xp.sum(traced.rectified(1 - real)) / real.shape[0] + xp.sum(traced.rectified(1 + fake)) / fake.shape[0]
