"""Three means of distances."""


def across(xp, x, y):
    return xp.sum(xp.sqrt(xp.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=2))) / (len(x) * len(y))


def within(xp, x):
    """Pairs of two; the points themselves, on the diagonal, are held out of the root, and counted by the divisor."""
    one = xp.eye(len(x))
    squares = xp.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    return xp.sum(xp.sqrt(squares + one) * (1 - one)) / len(x) ** 2


def energy_distance(xp, real, fake):
    return 2 * across(xp, real, fake) - within(xp, real) - within(xp, fake)


def energy_distance__gram(xp, real, fake):
    """Squares of lengths less twice the products, as libraries have it where points are many: what is left of a
    point's distance from itself is a root of a rounding."""
    square = lambda x: xp.sum(x**2, axis=1)
    between = lambda x, y: square(x)[:, None] + square(y)[None, :] - 2 * x @ y.T
    positive = lambda s: xp.where(s > 0, xp.sqrt(xp.where(s > 0, s, 1.0)), 0.0)
    mean = lambda x, y: xp.sum(positive(between(x, y))) / (len(x) * len(y))
    return 2 * mean(real, fake) - mean(real, real) - mean(fake, fake)
