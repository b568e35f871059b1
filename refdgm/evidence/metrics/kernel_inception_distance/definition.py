"""Three means of a cubic kernel."""


def kernel(a, b):
    return (a @ b.T / a.shape[1] + 1) ** 3


def others(xp, x):
    """The mean over all pairs of two."""
    many = x.shape[0]
    return xp.sum(kernel(x, x) * (1 - xp.eye(many))) / (many * (many - 1))


def kernel_inception_distance(xp, real, fake):
    return others(xp, real) + others(xp, fake) - 2 * xp.sum(kernel(real, fake)) / (real.shape[0] * fake.shape[0])


def kernel_inception_distance__less_the_diagonal(xp, real, fake):
    """All pairs, less those of a sample with itself: (‖a‖²/D + 1)³."""
    alone = lambda x: (xp.sum(x**2, axis=1) / x.shape[1] + 1) ** 3
    within = lambda x: (xp.sum(kernel(x, x)) - xp.sum(alone(x))) / (len(x) * (len(x) - 1))
    return within(real) + within(fake) - 2 * xp.sum(kernel(real, fake)) / (len(real) * len(fake))
