"""The four coefficients of the EDM preconditioning, as they are printed."""


def edm_preconditioning(xp, sigma, sigma_data):
    total = sigma**2 + sigma_data**2
    return sigma_data**2 / total, sigma * sigma_data / xp.sqrt(total), 1 / xp.sqrt(total), xp.log(sigma) / 4


def edm_preconditioning__powers(xp, sigma, sigma_data):
    """By powers of the total variance."""
    total = sigma**2 + sigma_data**2
    return sigma_data**2 * total**-1, sigma * sigma_data * total**-0.5, total**-0.5, 0.25 * xp.log(sigma)


def edm_preconditioning__differentiated(xp, sigma, sigma_data):
    """By σ/σ_d, and by sums of precisions, whose derivatives are single terms."""
    skip = 1 / (1 + (sigma / sigma_data) ** 2)
    out = 1 / xp.sqrt(sigma**-2.0 + sigma_data**-2.0)
    return skip, out, 1 / xp.sqrt(sigma**2 + sigma_data**2), xp.log(sigma) / 4
