"""A group of channels less its mean, over the root of its mean squared distance from it.

Authors flatten a group before they take moments, and multiply by a power −½ in place of dividing by a root.
"""


def group_norm(xp, x, weight, bias, eps):
    many = x.shape[2] * x.shape[3]
    c = x - xp.sum(x, axis=(2, 3), keepdims=True) / many
    variance = xp.sum(c * c, axis=(2, 3), keepdims=True) / many
    return weight[:, :, None] * c / xp.sqrt(variance + eps) + bias[:, :, None]


def group_norm__reciprocal(xp, x, weight, bias, eps):
    flat = xp.reshape(x, (x.shape[0], x.shape[1], x.shape[2] * x.shape[3]))
    c = flat - xp.sum(flat, axis=2, keepdims=True) / flat.shape[2]
    variance = xp.sum(c**2, axis=2, keepdims=True) / flat.shape[2]
    return xp.reshape(c * (variance + eps) ** -0.5, x.shape) * weight[:, :, None] + bias[:, :, None]
