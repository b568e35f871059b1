"""Half the squared distance of the score from the gradient of log N(x + sigma eps; x, sigma^2) at the noised point."""


def denoising_score_matching(xp, score, eps, sigma):
    flat = (score.shape[0], -1)
    s, displacement = xp.reshape(score, flat), sigma[:, None] * xp.reshape(eps, flat)
    gradient = -displacement / sigma[:, None] ** 2
    return xp.sum((s - gradient) ** 2, axis=1) / 2


def noise_conditional_score_matching(xp, score, eps, sigma):
    """sigma^2 / 2 |s + eps / sigma|^2, multiplied out: a quotient hides that answers to short numbers are exact."""
    flat = (score.shape[0], -1)
    s, noise = xp.reshape(score, flat), xp.reshape(eps, flat)
    return (sigma**2 * xp.sum(s**2, axis=1) + 2 * sigma * xp.sum(s * noise, axis=1) + xp.sum(noise**2, axis=1)) / 2


def noise_conditional_score_matching__usual(xp, score, eps, sigma):
    """The objective of one level times its weight, where nothing cancels."""
    return sigma**2 * denoising_score_matching(xp, score, eps, sigma)
