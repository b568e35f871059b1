"""The predicted x0 carried to the earlier noise level: eqs 12 and 16 of the paper, in ᾱ."""

from refdgm.evidence.diffusion.components import every


def ddim_step(xp, xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    alpha_prod_prev = every(xp, alpha_prod_prev, xt)
    alpha_prod = (1 - every(xp, beta, xt)) * alpha_prod_prev
    sigma = eta * xp.sqrt((1 - alpha_prod_prev) / (1 - alpha_prod)) * xp.sqrt(1 - alpha_prod / alpha_prod_prev)
    x0 = (xt - xp.sqrt(1 - alpha_prod) * eps_pred) / xp.sqrt(alpha_prod)
    direction = xp.sqrt(1 - alpha_prod_prev - sigma**2) * eps_pred
    return xp.sqrt(alpha_prod_prev) * x0 + direction + sigma * noise
