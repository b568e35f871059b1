"""−log p(x₀ | x₁), then KL(q(x_{t−1} | x_t, x₀) ‖ p) for t = 2 … T, then KL(q(x_T | x₀) ‖ N(0, I))."""

from . import prior_loss, reconstruction_loss, variational_loss


def value(xp, prediction, x0, eps, beta, *, variance):
    each = xp.ones(x0.shape[:1])
    bound = reconstruction_loss.value(xp, prediction[:, 0], eps[:, 0], beta[0] * each)
    before = each - beta[0]
    for t in range(1, beta.shape[0]):
        step = beta[t] * each
        bound = bound + variational_loss.value(xp, prediction[:, t], eps[:, t], step, before, variance=variance)
        before = before * (1 - step)
    return bound + prior_loss.value(xp, x0, before)
