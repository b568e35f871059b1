"""Half the squared distance of the score from the gradient of log N(x + sigma eps; x, sigma^2) at the noised point."""


def value(xp, score, eps, sigma):
    flat = (score.shape[0], -1)
    s, displacement = xp.reshape(score, flat), sigma[:, None] * xp.reshape(eps, flat)
    gradient = -displacement / sigma[:, None] ** 2
    return xp.sum((s - gradient) ** 2, axis=1) / 2
