"""The score of p(x) p(y | x)^γ, as a noise prediction: −√(1 − ᾱ) times the sum of the two gradients."""

from refdgm.evidence.diffusion.components import every


def classifier_guidance(xp, eps_pred, log_prob_grad, alpha_prod, gamma):
    sigma = every(xp, xp.sqrt(1 - alpha_prod), eps_pred)
    score = -eps_pred / sigma
    return -sigma * (score + gamma * log_prob_grad)


def classifier_guidance__usual(xp, eps_pred, log_prob_grad, alpha_prod, gamma):
    """The quotient by √(1 − ᾱ) and the product cancelled on paper."""
    return eps_pred - gamma * every(xp, xp.sqrt(1 - alpha_prod), eps_pred) * log_prob_grad
