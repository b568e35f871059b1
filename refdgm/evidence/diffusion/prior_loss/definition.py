"""The two ends of the bound."""

from refdgm.evidence.diffusion.components import every, total


def reconstruction_loss(xp, prediction, eps, beta):
    """−log N(x₀; μ, β) of every component, where x₀ − μ = √(β/α) (prediction − ε)."""
    variance = every(xp, beta, eps)
    apart = xp.sqrt(variance / (1 - variance)) * (prediction - eps)
    return total(xp, apart**2 / (2 * variance) + xp.log(2 * xp.pi * variance) / 2)


def prior_loss(xp, x0, alpha_prod):
    """KL(N(m, v) ‖ N(0, 1)) = ½ (m² + v − 1 − log v) of every component, m² = ᾱ x₀² and v = 1 − ᾱ."""
    signal = every(xp, alpha_prod, x0)
    variance = 1 - signal
    return total(xp, (signal * x0**2 + variance - 1 - xp.log(variance)) / 2)
