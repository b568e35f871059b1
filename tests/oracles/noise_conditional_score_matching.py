"""sigma^2 / 2 |s + eps / sigma|^2, multiplied out: a quotient would hide that answers to short numbers are exact."""


def value(xp, score, eps, sigma):
    flat = (score.shape[0], -1)
    s, noise = xp.reshape(score, flat), xp.reshape(eps, flat)
    return (sigma**2 * xp.sum(s**2, axis=1) + 2 * sigma * xp.sum(s * noise, axis=1) + xp.sum(noise**2, axis=1)) / 2
