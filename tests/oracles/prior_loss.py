"""KL(N(m, v) ‖ N(0, 1)) = ½ (m² + v − 1 − log v) of every component, m = √ᾱ x₀ and v = 1 − ᾱ."""

from .schedules import every, total


def value(xp, x0, alpha_prod):
    mean, variance = xp.sqrt(every(xp, alpha_prod, x0)) * x0, 1 - every(xp, alpha_prod, x0)
    return total(xp, (mean**2 + variance - 1 - xp.log(variance)) / 2)
