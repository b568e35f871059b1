"""x_t = √ᾱ x₀ + √(1 − ᾱ) ε and v = √ᾱ ε − √(1 − ᾱ) x₀; the inverse by Cramer's rule."""

from refdgm.evidence.diffusion.components import every


def v_from_x0_eps(xp, x0, eps, alpha_prod):
    """The velocity, as it is defined."""
    a = every(xp, alpha_prod, x0)
    return xp.sqrt(a) * eps - xp.sqrt(1 - a) * x0


def x0_from_v(xp, xt, v, alpha_prod):
    """Solved for the data."""
    a = every(xp, alpha_prod, xt)
    signal, noise = xp.sqrt(a), xp.sqrt(1 - a)
    return (signal * xt - noise * v) / (signal * signal + noise * noise)


def x0_from_v__usual(xp, xt, v, alpha_prod):
    """The determinant is one."""
    a = every(xp, alpha_prod, xt)
    return xp.sqrt(a) * xt - xp.sqrt(1 - a) * v


def eps_from_v(xp, xt, v, alpha_prod):
    """Solved for the noise."""
    a = every(xp, alpha_prod, xt)
    signal, noise = xp.sqrt(a), xp.sqrt(1 - a)
    return (noise * xt + signal * v) / (signal * signal + noise * noise)


def eps_from_v__usual(xp, xt, v, alpha_prod):
    a = every(xp, alpha_prod, xt)
    return xp.sqrt(1 - a) * xt + xp.sqrt(a) * v
