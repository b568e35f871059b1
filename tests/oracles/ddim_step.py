"""The predicted x0 carried to the earlier noise level: eqs 12 and 16 of the paper, in ᾱ."""


def value(xp, xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    each = (beta.shape[0],) + (1,) * (xt.ndim - 1)
    alpha_prod_prev = xp.reshape(alpha_prod_prev, each)
    alpha_prod = (1 - xp.reshape(beta, each)) * alpha_prod_prev
    sigma = eta * xp.sqrt((1 - alpha_prod_prev) / (1 - alpha_prod)) * xp.sqrt(1 - alpha_prod / alpha_prod_prev)
    x0 = (xt - xp.sqrt(1 - alpha_prod) * eps_pred) / xp.sqrt(alpha_prod)
    direction = xp.sqrt(1 - alpha_prod_prev - sigma**2) * eps_pred
    return xp.sqrt(alpha_prod_prev) * x0 + direction + sigma * noise
