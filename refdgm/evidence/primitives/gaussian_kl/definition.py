"""The divergences of diagonal Gaussians, in closed form."""


def gaussian_kl(xp, mean, logvar):
    """KL(N(mean, diag exp(logvar)) || N(0, I)), the closed form of Kingma & Welling, appendix B."""
    return xp.sum(xp.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2


def gaussian_kl_between(xp, mean_q, logvar_q, mean_p, logvar_p):
    """KL(q || p) of two diagonal Gaussians, from their standard deviations."""
    sigma_q, sigma_p = xp.sqrt(xp.exp(logvar_q)), xp.sqrt(xp.exp(logvar_p))
    quadratic = (sigma_q**2 + (mean_q - mean_p) ** 2) / (2 * sigma_p**2)
    return xp.sum(xp.log(sigma_p / sigma_q) + quadratic - 0.5, axis=1)


def gaussian_kl_between__usual(xp, mean_q, logvar_q, mean_p, logvar_p):
    """From the logarithms of the variances: no logarithm of an exponential."""
    ratio = xp.exp(logvar_q - logvar_p)
    return xp.sum((mean_q - mean_p) ** 2 / xp.exp(logvar_p) + ratio - 1 - logvar_q + logvar_p, axis=1) / 2
