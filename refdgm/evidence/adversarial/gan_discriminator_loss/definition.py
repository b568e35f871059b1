"""Two classes and their cross-entropies."""

from refdgm.evidence import traced


def gan_discriminator_loss(xp, real, fake):
    taken, rejected = 1 / (1 + xp.exp(-real)), 1 / (1 + xp.exp(fake))
    return -xp.sum(xp.log(taken)) / real.shape[0] - xp.sum(xp.log(rejected)) / fake.shape[0]


def gan_discriminator_loss__usual(xp, real, fake, *, softplus=traced.softplus):
    """By a library's own softplus."""
    return xp.sum(softplus(-real)) / real.shape[0] + xp.sum(softplus(fake)) / fake.shape[0]


def gan_discriminator_loss__linear(xp, real, fake):
    return gan_discriminator_loss__usual(xp, real, fake, softplus=traced.linear_softplus)


def gan_discriminator_loss__labelled(xp, real, fake):
    """Cross-entropy with logits, softplus(a) − a t, for the labels 1 and 0."""
    return xp.sum(traced.softplus(real) - real) / real.shape[0] + xp.sum(traced.softplus(fake)) / fake.shape[0]
