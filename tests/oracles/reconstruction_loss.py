"""−log N(x₀; μ, β) of every component, where x₀ − μ = √(β/α) (prediction − ε)."""

from .schedules import every, total


def value(xp, prediction, eps, beta):
    variance = every(xp, beta, eps)
    apart = xp.sqrt(variance / (1 - variance)) * (prediction - eps)
    return total(xp, apart**2 / (2 * variance) + xp.log(2 * xp.pi * variance) / 2)
