"""The logistic function of what each unit is told by the other side."""

from refdgm.evidence import traced


def rbm_conditionals(xp, v, h, W, b, c):
    hidden = [1 / (1 + xp.exp(-xp.sum(v * W[i], axis=1) - c[i])) for i in range(W.shape[0])]
    visible = [1 / (1 + xp.exp(-xp.sum(h * W[:, j], axis=1) - b[j])) for j in range(W.shape[1])]
    return xp.stack(hidden, axis=1), xp.stack(visible, axis=1)


def rbm_conditionals__usual(xp, v, h, W, b, c, sigmoid=traced.sigmoid):
    return sigmoid(v @ xp.transpose(W) + c), sigmoid(h @ W + b)


def rbm_conditionals__by_tanh(xp, v, h, W, b, c):
    return rbm_conditionals__usual(xp, v, h, W, b, c, lambda a: (1 + traced.tanh(a / 2)) / 2)
