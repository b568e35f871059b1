"""Half the weighted squared distance of the score from the gradient of the logarithm of the law of x_t given x_0."""

from refdgm.evidence.sde.perturbation_kernel.definition import perturbation_kernel
from refdgm.evidence.sde.sde_coefficients.definition import sde_coefficients


def continuous_score_matching(xp, score, eps, t, low, high, *, process, weighting):
    _, std = perturbation_kernel(xp, t, low, high, process=process)
    _, g = sde_coefficients(xp, t, low, high, process=process)
    s, noise = xp.reshape(score, (score.shape[0], -1)), xp.reshape(eps, (score.shape[0], -1))
    weight = {"std2": std**2, "diffusion2": g**2, "one": 1 + 0 * t}[weighting]
    return weight * xp.sum((s + noise / std[:, None]) ** 2, axis=1) / 2


def continuous_score_matching__noise(xp, score, eps, t, low, high, *, process, weighting):
    """The error of a prediction of the noise, by what its weight then is."""
    _, std = perturbation_kernel(xp, t, low, high, process=process)
    _, g = sde_coefficients(xp, t, low, high, process=process)
    s, noise = xp.reshape(score, (score.shape[0], -1)), xp.reshape(eps, (score.shape[0], -1))
    error = xp.sum((std[:, None] * s + noise) ** 2, axis=1) / 2
    return {"std2": 1 + 0 * t, "diffusion2": (g / std) ** 2, "one": 1 / std**2}[weighting] * error
