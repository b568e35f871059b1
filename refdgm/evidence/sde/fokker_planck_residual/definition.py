"""The Fokker-Planck equation divided by the density."""


def fokker_planck_residual(xp, rate, drift, divergence, score, score_divergence, diffusion):
    f, s = xp.reshape(drift, (drift.shape[0], -1)), xp.reshape(score, (drift.shape[0], -1))
    transport = divergence + xp.sum(f * s, axis=1)
    spread = diffusion**2 / 2 * (score_divergence + xp.sum(s**2, axis=1))
    return rate + transport - spread


def fokker_planck_residual__flow(xp, rate, drift, divergence, score, score_divergence, diffusion):
    """The continuity equation of the probability flow."""
    f, s = xp.reshape(drift, (drift.shape[0], -1)), xp.reshape(score, (drift.shape[0], -1))
    velocity = f - diffusion[:, None] ** 2 / 2 * s
    return rate + (divergence - diffusion**2 / 2 * score_divergence) + xp.sum(velocity * s, axis=1)
