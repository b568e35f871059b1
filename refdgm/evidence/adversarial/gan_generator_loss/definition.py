"""A discriminator's probability, and what a generator makes of it."""

from refdgm.evidence import traced


def gan_generator_loss(xp, fake, *, objective):
    passes, rejected = 1 / (1 + xp.exp(-fake)), 1 / (1 + xp.exp(fake))
    if objective == "minimax":
        return xp.log(rejected)
    return -xp.log(passes) if objective == "non_saturating" else -passes


def gan_generator_loss__usual(xp, fake, *, objective, softplus=traced.softplus):
    """By a library's own softplus and logistic function."""
    if objective == "probability":
        return -traced.sigmoid(fake)
    return -softplus(fake) if objective == "minimax" else softplus(-fake)


def gan_generator_loss__linear(xp, fake, *, objective):
    return gan_generator_loss__usual(xp, fake, objective=objective, softplus=traced.linear_softplus)


def gan_generator_loss__labelled(xp, fake, *, objective):
    """Cross-entropy with logits, max(a, 0) − a t + log(1 + e^{−|a|}), for the label t = 0 or 1."""
    if objective == "probability":
        return -traced.sigmoid(fake)
    label, sign = (0.0, -1.0) if objective == "minimax" else (1.0, 1.0)
    return sign * (traced.softplus(fake) - fake * label)
