"""Squares of what two batches are off their labels."""


def least_squares_discriminator_loss(xp, real, fake):
    return xp.sum((real - 1) ** 2) / (2 * real.shape[0]) + xp.sum(fake**2) / (2 * fake.shape[0])


def least_squares_discriminator_loss__expanded(xp, real, fake):
    """½ mean a² − mean a + ½ + ½ mean b²."""
    of_data = xp.sum(real * real - 2 * real) / (2 * real.shape[0]) + 0.5
    return of_data + xp.sum(fake * fake) / (2 * fake.shape[0])
