"""Half of the squared distance between the data and their reconstruction."""


def autoencoder_loss(xp, x, phi, theta, *, encoder, decoder):
    return xp.sum((x - decoder(encoder(x, phi), theta)) ** 2, axis=1) / 2


def autoencoder_loss__expanded(xp, x, phi, theta, *, encoder, decoder):
    """The square, component by component halved."""
    out = decoder(encoder(x, phi), theta)
    return xp.sum((out - x) * (out - x) * 0.5, axis=1)
