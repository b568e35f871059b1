"""Drift and diffusion of three processes, as the paper prints them."""


def sde_coefficients(xp, t, low, high, *, process):
    if process == "ve":  # dσ²/dt = g², σ = low (high/low)^t
        growth = xp.log(high / low)
        return 0 * t, low * xp.exp(growth * t) * xp.sqrt(2 * growth)
    beta = low + (high - low) * t
    if process == "vp":
        return -beta / 2, xp.sqrt(beta)
    integral = low * t + (high - low) * t**2 / 2
    return -beta / 2, xp.sqrt(beta * (1 - xp.exp(-2 * integral)))
