"""KL(q || p) of two diagonal Gaussians, from their standard deviations."""


def value(xp, mean_q, logvar_q, mean_p, logvar_p):
    sigma_q, sigma_p = xp.sqrt(xp.exp(logvar_q)), xp.sqrt(xp.exp(logvar_p))
    quadratic = (sigma_q**2 + (mean_q - mean_p) ** 2) / (2 * sigma_p**2)
    return xp.sum(xp.log(sigma_p / sigma_q) + quadratic - 0.5, axis=1)
