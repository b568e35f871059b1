"""Variances step by step, and the products of what they leave."""


def linear_schedule(xp, beta_first, beta_last, *, steps):
    """The first variance, plus equal steps towards the last; of one step there is no other."""
    return xp.stack([beta_first + (beta_last - beta_first) * t / max(steps - 1, 1) for t in range(steps)])


def cosine_schedule(xp, offset, cap, *, steps):
    """β_t = min(1 − f(t)/f(t − 1), cap), as it is defined; the smaller one is chosen by its place."""

    def f(t):
        return xp.cos(((0 * offset + t) / steps + offset) / (1 + offset) * xp.pi / 2) ** 2

    chosen = []
    for t in range(1, steps + 1):
        both = xp.stack([1 - f(t) / f(t - 1), cap])
        chosen.append(both[xp.argmin(both)])
    return xp.stack(chosen)


def cosine_schedule__usual(xp, offset, cap, *, steps):
    """All steps at once."""
    f = xp.cos((xp.arange(steps + 1) / steps + offset) / (1 + offset) * xp.pi / 2) ** 2
    return xp.minimum(1 - f[1:] / f[:-1], cap)


def alpha_products(xp, beta):
    """The products, one factor more at each step."""
    product, products = 1, []
    for t in range(beta.shape[0]):
        product = product * (1 - beta[t])
        products.append(product)
    return xp.stack(products), xp.stack([1 - product for product in products])
