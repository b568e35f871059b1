"""A number times the integral of the normal density from −∞ up to it, by the error function."""

from refdgm.evidence import traced


def erf(xp, u):
    """Enclosed by the balls; elsewhere its series of positive terms, 2/√π e^{−u²} Σ 2^k u^{2k+1}/(2k + 1)!!."""
    enclosed = xp.__dict__.get("erf")
    return enclosed(u) if enclosed else by_series(xp, u)


def by_series(xp, u):
    term = total = u
    for k in range(1, 200):
        term = term * (2 * u * u) / (2 * k + 1)
        total = total + term
    return 2 / xp.sqrt(xp.pi + 0 * u) * xp.exp(-u * u) * total


def gelu(xp, x):
    return x * (1 + erf(xp, x / xp.sqrt(2 + 0 * x))) / 2


def gelu__usual(xp, x):
    return x * (1 + traced.erf(x * 0.5**0.5)) / 2


def gelu__complement(xp, x):
    return x / 2 * traced.erfc(-x * 0.5**0.5)
