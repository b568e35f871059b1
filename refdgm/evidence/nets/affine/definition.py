"""W x + b, one output after the other."""


def affine(xp, x, W, b):
    return xp.stack([xp.sum(x * W[e], axis=1) + b[e] for e in range(W.shape[0])], axis=1)


def affine__usual(xp, x, W, b):
    one = xp.exp(0 * x[:, :1])  # b as a weight of it: what b receives is a product, not a sum in the dtype of its terms
    return xp.concatenate([x, one], axis=1) @ xp.concatenate([xp.transpose(W), xp.reshape(b, (1, -1))], axis=0)
