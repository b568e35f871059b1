"""The logistic function of what each unit is told by the other side."""

from refdgm.evidence import traced


def rbm_conditionals(xp, v, h, W, b, c):
    hidden = 1 / (1 + xp.exp(-xp.sum(v[:, None] * W, axis=2) - c))
    return hidden, 1 / (1 + xp.exp(-xp.sum(h[:, :, None] * W, axis=1) - b))


def rbm_conditionals__usual(xp, v, h, W, b, c, sigmoid=traced.sigmoid):
    return sigmoid(v @ xp.transpose(W) + c), sigmoid(h @ W + b)


def rbm_conditionals__by_tanh(xp, v, h, W, b, c):
    return rbm_conditionals__usual(xp, v, h, W, b, c, lambda a: (1 + traced.tanh(a / 2)) / 2)
