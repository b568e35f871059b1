"""Three means of a Gaussian kernel."""


def kernel(xp, x, y, h):
    return xp.exp(-xp.sum((x[:, None, :] - y[None, :, :]) ** 2, axis=2) / (2 * h**2))


def three_means(xp, k, real, fake, estimator):
    def within(x):
        many = len(x)
        if estimator == "biased":
            return xp.sum(k(x, x)) / many**2
        return xp.sum(k(x, x) * (1 - xp.eye(many))) / (many * (many - 1))

    return within(real) + within(fake) - 2 * xp.sum(k(real, fake)) / (len(real) * len(fake))


def maximum_mean_discrepancy(xp, real, fake, bandwidth, *, estimator):
    return three_means(xp, lambda x, y: kernel(xp, x, y, bandwidth), real, fake, estimator)


def maximum_mean_discrepancy__gram(xp, real, fake, bandwidth, *, estimator):
    """Squares of lengths less twice the products."""
    square = lambda x: xp.sum(x**2, axis=1)
    table = lambda x, y: square(x)[:, None] + square(y)[None, :] - 2 * x @ y.T
    return three_means(xp, lambda x, y: xp.exp(-table(x, y) / (2 * bandwidth**2)), real, fake, estimator)
