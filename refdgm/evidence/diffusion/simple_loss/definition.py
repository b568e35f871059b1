"""The squared distance from the target, component by component."""

from refdgm.evidence.diffusion.components import every, total


def simple_loss(xp, prediction, x0, eps, alpha_prod, *, target):
    a = every(xp, alpha_prod, x0)
    if target == "v":
        return total(xp, (prediction - (xp.sqrt(a) * eps - xp.sqrt(1 - a) * x0)) ** 2)
    if target == "x0":
        return total(xp, (prediction - x0) ** 2)
    return total(xp, (prediction - eps) ** 2)
