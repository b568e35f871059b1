"""The squared distance from the velocity of the pair, component by component."""

from refdgm.evidence.diffusion.components import total


def flow_matching_loss(xp, velocity, x0, x1, sigma_min):
    return total(xp, (velocity - (x1 - (1 - sigma_min) * x0)) ** 2)


def flow_matching_loss__summed(xp, velocity, x0, x1, sigma_min):
    """The residual from one term after the other."""
    return total(xp, (velocity + x0 - x1 - sigma_min * x0) ** 2)
