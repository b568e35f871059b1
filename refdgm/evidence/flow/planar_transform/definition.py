"""x = z + u_hat tanh(⟨w, z⟩ + b), and the determinant lemma; its inverse by the root of one equation."""

from refdgm.evidence import traced


def constrained(xp, u, w, constraint):
    """u_hat: u, or moved along w until ⟨u_hat, w⟩ = log(1 + e^⟨u, w⟩) − 1."""
    if constraint == "none":
        return u
    along = xp.sum(u * w)
    return u + (xp.log(1 + xp.exp(along)) - 1 - along) * w / xp.sum(w**2)


def planar_transform(xp, z, u, w, b, *, constraint):
    hat = constrained(xp, u, w, constraint)
    a = xp.sum(z * w, axis=1) + b
    slope = (2 / (xp.exp(a) + xp.exp(-a))) ** 2
    x = z + xp.reshape(xp.tanh(a), (-1, 1)) * hat
    return x, xp.log(xp.abs(1 + slope * xp.sum(hat * w)))


def planar_transform__usual(xp, z, u, w, b, *, constraint, softplus=traced.softplus):
    """With psi = h′(a) w and h′ = 1 − h², as libraries of flows have it."""
    along = xp.dot(u, w)
    hat = u if constraint == "none" else u + (softplus(along) - 1 - along) * w / xp.dot(w, w)
    h = traced.tanh(xp.dot(z, w) + b)
    psi = (1 - h**2)[:, None] * w
    return z + h[:, None] * hat, xp.log(xp.abs(1 + xp.dot(psi, hat)))


def planar_transform__linear(xp, z, u, w, b, *, constraint):
    return planar_transform__usual(xp, z, u, w, b, constraint=constraint, softplus=traced.linear_softplus)


def sech2(xp, a):
    return (2 / (xp.exp(a) + xp.exp(-a))) ** 2


def equation(xp, x, u, w, b):
    """k and y of a + k tanh a = y."""
    return xp.log(1 + xp.exp(xp.sum(u * w))) - 1, xp.sum(x * w, axis=1) + b


def newton(xp, a, k, y):
    return a - (a + k * xp.tanh(a) - y) / (1 + k * sech2(xp, a))


def root(xp, k, y):
    """By Newton's method; where the numbers are balls, with a proof."""
    a = y / (1 + k + xp.abs(y) / (1 + xp.abs(y)))
    for _ in range(64):
        a = newton(xp, a, k, y)
    proved = getattr(xp, "enclosed_root", lambda a, function, slope: a)
    return proved(a, lambda a: a + k * xp.tanh(a) - y, lambda a: 1 + k * sech2(xp, a))


def given_root(xp, a, k, x, u, w):
    z = x - xp.reshape(xp.tanh(a), (-1, 1)) * constrained(xp, u, w, "softplus")
    return z, -xp.log(1 + k * sech2(xp, a))


def planar_inverse(xp, x, u, w, b, *, constraint):
    k, y = equation(xp, x, u, w, b)
    return given_root(xp, root(xp, k, y), k, x, u, w)


def planar_inverse__held(xp, held, x, u, w, b, *, constraint="softplus"):
    """The root of what stands still, and one step of Newton of what moves: it stays where it is, and has the slope of
    the implicit function."""
    k, y = equation(xp, x, u, w, b)
    a = root(xp, *equation(xp, held["x"], held["u"], held["w"], held["b"]))
    return given_root(xp, newton(xp, a, k, y), k, x, u, w)


def planar_inverse__usual(xp, x, u, w, b, *, constraint, softplus=traced.softplus):
    """The iteration without a tape, and one step with it."""
    along = xp.dot(u, w)
    k, y = softplus(along) - 1, xp.dot(x, w) + b
    still, target = traced.stopped(k), traced.stopped(y)
    a = target / (1 + still + xp.abs(target) / (1 + xp.abs(target)))
    for _ in range(64):
        h = xp.tanh(a)
        a = a - (a + still * h - target) / (1 + still * (1 - h**2))
    h = traced.tanh(a)
    a = a - (a + k * h - y) / (1 + k * (1 - h**2))
    h = traced.tanh(a)
    hat = u + (k - along) * w / xp.dot(w, w)
    return x - h[:, None] * hat, -xp.log(1 + (1 - h**2) * k)


def planar_inverse__linear(xp, x, u, w, b, *, constraint):
    return planar_inverse__usual(xp, x, u, w, b, constraint=constraint, softplus=traced.linear_softplus)
