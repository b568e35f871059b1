"""KL(N(μ̃, β̃) ‖ N(μ, σ²)) of every component, μ̃ − μ = β/√(α(1 − ᾱ)) · (prediction − ε)."""

from .schedules import every, total


def value(xp, prediction, eps, beta, alpha_prod_prev, *, variance):
    beta, before = every(xp, beta, eps), every(xp, alpha_prod_prev, eps)
    alpha = 1 - beta
    posterior = beta * (1 - before) / (1 - alpha * before)
    model = posterior if variance == "posterior" else beta
    apart = beta / xp.sqrt(alpha * (1 - alpha * before)) * (prediction - eps)
    ratio = posterior / model
    return total(xp, (apart**2 / model + ratio - 1 - xp.log(ratio)) / 2)
