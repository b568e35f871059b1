"""KL(N(μ_tilde, β_tilde) ‖ N(μ, σ²)) of every component, μ_tilde − μ = β/√(α(1 − ᾱ)) · (prediction − ε)."""

from refdgm.evidence.diffusion.components import every, total


def variational_loss(xp, prediction, eps, beta, alpha_prod_prev, *, variance):
    beta, before = every(xp, beta, eps), every(xp, alpha_prod_prev, eps)
    alpha = 1 - beta
    posterior = beta * (1 - before) / (1 - alpha * before)
    model = posterior if variance == "posterior" else beta
    apart = beta / xp.sqrt(alpha * (1 - alpha * before)) * (prediction - eps)
    ratio = posterior / model
    return total(xp, (apart**2 / model + ratio - 1 - xp.log(ratio)) / 2)


def between_means(xp, x0, prediction, eps, beta, alpha_prod_prev, *, variance):
    """Between the posterior at x₀ and at that which the prediction tells, each with its mean and log-variance."""
    step, before = every(xp, beta, eps), every(xp, alpha_prod_prev, eps)
    after = (1 - step) * before
    posterior = (1 - before) / (1 - after) * step
    xt = xp.sqrt(after) * x0 + xp.sqrt(1 - after) * eps
    predicted = xp.sqrt(1 / after) * xt - xp.sqrt(1 / after - 1) * prediction
    of_x0, of_xt = xp.sqrt(before) * step / (1 - after), xp.sqrt(1 - step) * (1 - before) / (1 - after)
    mean_q, mean_p = of_x0 * x0 + of_xt * xt, of_x0 * predicted + of_xt * xt
    logvar_q, logvar_p = xp.log(posterior), xp.log(posterior if variance == "posterior" else step)
    apart = (mean_q - mean_p) ** 2 * xp.exp(-logvar_p)
    return total(xp, -1 + logvar_p - logvar_q + xp.exp(logvar_q - logvar_p) + apart) / 2


def variational_loss__of_means(xp, prediction, eps, beta, alpha_prod_prev, *, variance):
    """The data cancel, and are zero."""
    return between_means(xp, 0.0, prediction, eps, beta, alpha_prod_prev, variance=variance)
