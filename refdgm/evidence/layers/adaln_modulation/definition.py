"""A vector less its mean over the root of its mean squared distance from it, scaled and moved.

Authors multiply by a power −½ in place of dividing by a root, and open the bracket of 1 + γ.
"""


def adaln_modulation(xp, x, shift, scale, eps):
    c = x - xp.sum(x, axis=2, keepdims=True) / x.shape[2]
    variance = xp.sum(c * c, axis=2, keepdims=True) / x.shape[2]
    return (1 + scale[:, None, :]) * c / xp.sqrt(variance + eps) + shift[:, None, :]


def adaln_modulation__opened(xp, x, shift, scale, eps):
    c = x - xp.sum(x, axis=2, keepdims=True) / x.shape[2]
    variance = xp.sum(c**2, axis=2, keepdims=True) / x.shape[2]
    n = c * (variance + eps) ** -0.5
    return n + n * scale[:, None, :] + shift[:, None, :]
