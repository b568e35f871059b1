"""KL(N(m, v) ‖ N(0, 1)) = ½ (m² + v − 1 − log v) of every component, m² = ᾱ x₀² and v = 1 − ᾱ."""

from .schedules import every, total


def value(xp, x0, alpha_prod):
    signal = every(xp, alpha_prod, x0)
    variance = 1 - signal
    return total(xp, (signal * x0**2 + variance - 1 - xp.log(variance)) / 2)
