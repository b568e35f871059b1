"""x + F(x)."""


def residual_block(xp, z, theta, *, branch):
    return branch(z, theta) + z
