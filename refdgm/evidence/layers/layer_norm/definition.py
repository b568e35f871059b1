"""A vector over the root of its mean square, or of its mean squared distance from its mean.

Authors multiply by a power −½ in place of dividing by a root.
"""


def rms_norm(xp, x, weight, eps):
    square = xp.sum(x * x, axis=2, keepdims=True) / x.shape[2]
    return weight * x / xp.sqrt(square + eps)


def rms_norm__reciprocal(xp, x, weight, eps):
    square = xp.sum(x**2, axis=2, keepdims=True) / x.shape[2]
    return weight * (x * (square + eps) ** -0.5)


def layer_norm(xp, x, weight, bias, eps):
    c = x - xp.sum(x, axis=2, keepdims=True) / x.shape[2]
    variance = xp.sum(c * c, axis=2, keepdims=True) / x.shape[2]
    return weight * c / xp.sqrt(variance + eps) + bias


def layer_norm__reciprocal(xp, x, weight, bias, eps):
    c = x - xp.sum(x, axis=2, keepdims=True) / x.shape[2]
    variance = xp.sum(c**2, axis=2, keepdims=True) / x.shape[2]
    return c * (variance + eps) ** -0.5 * weight + bias
