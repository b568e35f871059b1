"""The paper's corrector: a step size from two lengths, and a Langevin step of this size."""


def lengths(xp, x):
    return xp.sqrt(xp.sum(xp.reshape(x, (x.shape[0], -1)) ** 2, axis=1))


def langevin_corrector_step(xp, x, score, eps, snr, *, norm):
    z, s = lengths(xp, eps), lengths(xp, score)
    if norm == "batch":
        z, s = xp.sum(z) / x.shape[0], xp.sum(s) / x.shape[0]
    epsilon = xp.reshape(2 * (snr * z / s) ** 2, (-1,) + (1,) * (x.ndim - 1))
    return x + epsilon * score + xp.sqrt(2 * epsilon) * eps
