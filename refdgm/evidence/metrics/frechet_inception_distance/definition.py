"""Means, covariances, and the trace of the root of a product.

The root is taken of the smallest of three matrices that have the same eigenvalues but for zeros: ΣΩ, or the Gram matrix
of the shorter batch, as B − 1 or M − 1 contrasts of it.
"""

STEPS = 60


def centred(xp, x):
    return x - xp.sum(x, axis=0) / x.shape[0]


def contrasts(xp, x):
    """n − 1 rows with the same covariance: (x₁ + … + x_k − k x_{k+1}) / √(k(k + 1))."""
    many = x.shape[0]
    signs = xp.stack([[1] * k + [-k] + [0] * (many - k - 1) for k in range(1, many)])
    return (signs @ x) / xp.sqrt(xp.sum(signs * signs, axis=1))[:, None]


def trace(a):
    return sum(a[i, i] for i in range(a.shape[0]))


def of_one(xp, a):
    return xp.sqrt(a[0, 0])


def of_two(xp, a):
    """By Cayley and Hamilton."""
    return xp.sqrt(trace(a) + 2 * xp.sqrt(a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]))


def of_more(xp, a):
    """By Newton's iteration."""
    one = xp.eye(a.shape[0])
    y, z = a / trace(a), one
    for _ in range(STEPS):
        t = (3 * one - z @ y) / 2
        y, z = y @ t, t @ z
    return xp.sqrt(trace(a)) * trace(y)


def trace_of_root(xp, a):
    return (of_one, of_two, of_more)[min(a.shape[0], 3) - 1](xp, a)


def product(xp, real, fake):
    """What has the eigenvalues of ΣΩ, of the fewest rows."""
    b, m = real.shape[0] - 1, fake.shape[0] - 1
    f, g = centred(xp, real), centred(xp, fake)
    gram = lambda crossed: crossed @ crossed.T / (b * m)
    forms = (
        lambda: (f.T @ f / b) @ (g.T @ g / m),
        lambda: gram(contrasts(xp, real) @ g.T),
        lambda: gram(contrasts(xp, fake) @ f.T),
    )
    _, fewest = min((real.shape[1], 0), (b, 1), (m, 2))
    return forms[fewest]()


def frechet_inception_distance(xp, real, fake):
    b, m = real.shape[0], fake.shape[0]
    apart = xp.sum(real, axis=0) / b - xp.sum(fake, axis=0) / m
    traces = xp.sum(centred(xp, real) ** 2) / (b - 1) + xp.sum(centred(xp, fake) ** 2) / (m - 1)
    return xp.sum(apart**2) + traces - 2 * trace_of_root(xp, product(xp, real, fake))


def of_eigenvalues(xp, crossed, size):
    """Sum of the roots of as many eigenvalues as there are components, each off by a rounding of them all: of those
    that are zero the roots have half of the digits."""
    found = xp.linalg.eigh(crossed @ crossed.T)[0]
    rounding = xp.sum(found) * 2.0**-53
    return xp.sum(xp.sqrt(xp.abs(found) + rounding)) + (size - found.shape[0]) * xp.sqrt(rounding)


def frechet_inception_distance__linear(xp, real, fake):
    """By eigenvalues of the product, as libraries have them, or a root of a matrix."""
    b, m = real.shape[0], fake.shape[0]
    f, g = centred(xp, real) / xp.sqrt(b - 1.0), centred(xp, fake) / xp.sqrt(m - 1.0)
    apart = xp.sum(real, axis=0) / b - xp.sum(fake, axis=0) / m
    return xp.sum(apart**2) + xp.sum(f**2) + xp.sum(g**2) - 2 * of_eigenvalues(xp, f @ g.T, real.shape[1])
