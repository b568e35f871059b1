"""Each side in turn, each unit the more likely side of its chance and of a uniform number."""

from refdgm.evidence import traced


def swept(xp, sigma, v, W, b, c, u_hidden, u_visible):
    hidden, visible = [], []
    drawn = lambda u, chance: xp.argmax(xp.stack([u, chance], axis=2), axis=2)
    for t in range(u_hidden.shape[1]):
        hidden.append(drawn(u_hidden[:, t], sigma(v @ xp.transpose(W) + c)))
        visible.append(drawn(u_visible[:, t], sigma((1.0 * hidden[-1]) @ W + b)))
        v = 1.0 * visible[-1]
    return xp.stack(hidden, axis=1), xp.stack(visible, axis=1)


def rbm_gibbs_chain(xp, v, W, b, c, u_hidden, u_visible):
    return swept(xp, lambda a: 1 / (1 + xp.exp(-a)), v, W, b, c, u_hidden, u_visible)


def rbm_gibbs_chain__usual(xp, v, W, b, c, u_hidden, u_visible):
    """By a library's logistic function."""
    return swept(xp, traced.sigmoid, v, W, b, c, u_hidden, u_visible)
