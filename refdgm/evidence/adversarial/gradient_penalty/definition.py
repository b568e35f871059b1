"""The length of a critic's gradient: its distance from one between data and samples, or from zero, squared."""

from refdgm.evidence import traced


def excess(xp, norm, sides):
    return norm - 1 if sides == "two" else (norm - 1 + xp.abs(norm - 1)) / 2  # max(0, e) = (e + |e|)/2


def gradient_penalty(xp, real, fake, u, theta, *, critic, sides):
    between = u[:, None] * real + (1 - u[:, None]) * fake
    slope = critic.jacobian(between, theta)[:, 0]
    return excess(xp, xp.sqrt(xp.sum(slope**2, axis=1)), sides) ** 2


def gradient_penalty__usual(xp, real, fake, u, theta, *, critic, sides):
    """The library's own gradient of the scores, differentiated once more."""
    between = u[:, None] * real + (1 - u[:, None]) * fake
    norm = xp.sqrt(xp.sum(traced.slope(lambda x: critic(x, theta), between) ** 2, axis=1))
    return (norm - 1) ** 2 if sides == "two" else traced.rectified(norm - 1) ** 2


def gradient_penalty__moved(xp, real, fake, u, theta, *, critic, sides):
    """From the sample towards the datum; the norm by a library."""
    between = fake + u[:, None] * (real - fake)
    norm = xp.linalg.norm(traced.slope(lambda x: critic(x, theta), between), axis=1)
    return xp.where(norm > 1, norm - 1, 0.0) ** 2 if sides == "one" else (norm - 1) ** 2


def zero_centered_penalty(xp, x, theta, *, critic):
    return xp.sum(critic.jacobian(x, theta)[:, 0] ** 2, axis=1) / 2


def zero_centered_penalty__usual(xp, x, theta, *, critic):
    """The library's own gradient of the scores, differentiated once more."""
    return xp.sum(traced.slope(lambda x: critic(x, theta), x) ** 2, axis=1) / 2


def zero_centered_penalty__norm(xp, x, theta, *, critic):
    """The square of a library's norm."""
    return 0.5 * xp.linalg.norm(traced.slope(lambda x: critic(x, theta), x), axis=1) ** 2
