"""−log p(x₀ | x₁), then KL(q(x_{t−1} | x_t, x₀) ‖ p) for t = 2 … T, then KL(q(x_T | x₀) ‖ N(0, I))."""

from refdgm.evidence.diffusion.prior_loss.definition import prior_loss, reconstruction_loss
from refdgm.evidence.diffusion.variational_loss.definition import between_means, variational_loss


def added(xp, prediction, x0, eps, beta, divergence):
    """The bound from the divergence of one step, of (prediction, eps, beta, alpha_prod_prev)."""
    each = xp.ones(x0.shape[:1])
    bound = reconstruction_loss(xp, prediction[:, 0], eps[:, 0], beta[0] * each)
    before = each - beta[0]
    for t in range(1, beta.shape[0]):
        step = beta[t] * each
        bound = bound + divergence(prediction[:, t], eps[:, t], step, before)
        before = before * (1 - step)
    return bound + prior_loss(xp, x0, before)


def variational_bound(xp, prediction, x0, eps, beta, *, variance):
    return added(xp, prediction, x0, eps, beta, lambda *step: variational_loss(xp, *step, variance=variance))


def variational_bound__of_means(xp, prediction, x0, eps, beta, *, variance):
    return added(xp, prediction, x0, eps, beta, lambda *step: between_means(xp, x0, *step, variance=variance))
