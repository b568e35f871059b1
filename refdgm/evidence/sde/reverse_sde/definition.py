"""The drift and the diffusion of a process run backwards, and of one with the same laws run forwards."""


def each(xp, number, x):
    return xp.reshape(number, (number.shape[0],) + (1,) * (x.ndim - 1))


def reverse_sde(xp, drift, score, diffusion, noise_scale):
    g, lam = each(xp, diffusion, drift), each(xp, noise_scale, drift)
    return drift - (1 + lam**2) / 2 * g**2 * score, noise_scale * diffusion


def reverse_sde__flow(xp, drift, score, diffusion, noise_scale):
    """The flow, and what its noise must be paid for with."""
    g, lam = each(xp, diffusion, drift), each(xp, noise_scale, drift)
    return drift - g**2 * score / 2 - (lam * g) ** 2 * score / 2, noise_scale * diffusion


def reverse_sde__anderson(xp, drift, score, diffusion, noise_scale):
    """Anderson's reversal, and what is left out or added of its noise."""
    g, lam = each(xp, diffusion, drift), each(xp, noise_scale, drift)
    return drift - g**2 * score + (1 - lam**2) / 2 * g**2 * score, noise_scale * diffusion


def equivalent_sde(xp, drift, score, diffusion, noise_scale):
    g, lam = each(xp, diffusion, drift), each(xp, noise_scale, drift)
    return drift - (1 - lam**2) / 2 * g**2 * score, noise_scale * diffusion


def equivalent_sde__flow(xp, drift, score, diffusion, noise_scale):
    """The flow, and what its noise must be paid for with."""
    g, lam = each(xp, diffusion, drift), each(xp, noise_scale, drift)
    return drift - g**2 * score / 2 + (lam * g) ** 2 * score / 2, noise_scale * diffusion
