"""x = z + û tanh(⟨w, z⟩ + b), and the determinant lemma."""

from refdgm.evidence import traced


def constrained(xp, u, w, constraint):
    """û: u, or moved along w until ⟨û, w⟩ = log(1 + e^⟨u, w⟩) − 1."""
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


def planar_transform__usual(xp, z, u, w, b, *, constraint):
    """With psi = h′(a) w and h′ = 1 − h², as libraries of flows have it."""
    along = xp.dot(u, w)
    hat = u if constraint == "none" else u + (traced.softplus(along) - 1 - along) * w / xp.dot(w, w)
    h = traced.tanh(xp.dot(z, w) + b)
    psi = (1 - h**2)[:, None] * w
    return z + h[:, None] * hat, xp.log(xp.abs(1 + xp.dot(psi, hat)))
