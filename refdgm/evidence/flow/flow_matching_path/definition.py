"""A Gaussian around t x₁ whose deviation 1 − (1 − σ) t falls evenly from one to σ, and how its draw moves."""

from refdgm.evidence.diffusion.components import every


def flow_matching_path(xp, x0, x1, t, sigma_min):
    deviation = 1 - (1 - sigma_min) * every(xp, t, x0)
    return deviation * x0 + every(xp, t, x0) * x1, x1 - (1 - sigma_min) * x0


def flow_matching_path__summed(xp, x0, x1, t, sigma_min):
    t = every(xp, t, x0)
    return (1 - t) * x0 + t * x1 + sigma_min * t * x0, x1 - x0 + sigma_min * x0


def flow_matching_path__from_the_point(xp, x0, x1, t, sigma_min):
    """The velocity as the paper has it for a point; t = 1 with σ = 0 has none."""
    deviation = 1 - (1 - sigma_min) * every(xp, t, x0)
    xt = deviation * x0 + every(xp, t, x0) * x1
    return xt, (x1 - (1 - sigma_min) * xt) / deviation
