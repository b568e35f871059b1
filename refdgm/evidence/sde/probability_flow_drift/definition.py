"""The drift less half the squared diffusion times the score."""


def probability_flow_drift(xp, drift, score, diffusion):
    g = xp.reshape(diffusion, (diffusion.shape[0],) + (1,) * (drift.ndim - 1))
    return drift - g**2 * score / 2
