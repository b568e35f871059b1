"""The mean of the reverse transition written with the predicted noise, and σ z."""

from refdgm.evidence.diffusion.components import every


def ancestral_step(xp, xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    beta, alpha_prod_prev = every(xp, beta, xt), every(xp, alpha_prod_prev, xt)
    alpha = 1 - beta
    alpha_prod = alpha * alpha_prod_prev
    mean = 1 / xp.sqrt(alpha) * (xt - beta / xp.sqrt(1 - alpha_prod) * eps_pred)
    if variance == "posterior":
        return mean + xp.sqrt((1 - alpha_prod_prev) / (1 - alpha_prod) * beta) * noise
    return mean + xp.sqrt(beta) * noise


def ancestral_step__through_x0(xp, xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    """The mean as that of q(x_{t−1} | x_t, x₀) at the predicted x₀: eq. 7 where the other form is eq. 11."""
    beta, before = every(xp, beta, xt), every(xp, alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    x0 = xp.sqrt(1 / alpha_prod) * xt - xp.sqrt(1 / alpha_prod - 1) * eps_pred
    of_x0, of_xt = xp.sqrt(before) * beta / (1 - alpha_prod), xp.sqrt(1 - beta) * (1 - before) / (1 - alpha_prod)
    posterior = (1 - before) / (1 - alpha_prod) * beta
    return of_x0 * x0 + of_xt * xt + xp.sqrt(posterior if variance == "posterior" else beta) * noise
