"""The mean of the reverse transition written with the predicted noise, and σ z."""


def value(xp, xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    each = (beta.shape[0],) + (1,) * (xt.ndim - 1)
    beta, alpha_prod_prev = xp.reshape(beta, each), xp.reshape(alpha_prod_prev, each)
    alpha = 1 - beta
    alpha_prod = alpha * alpha_prod_prev
    mean = 1 / xp.sqrt(alpha) * (xt - beta / xp.sqrt(1 - alpha_prod) * eps_pred)
    if variance == "posterior":
        return mean + xp.sqrt((1 - alpha_prod_prev) / (1 - alpha_prod) * beta) * noise
    return mean + xp.sqrt(beta) * noise
