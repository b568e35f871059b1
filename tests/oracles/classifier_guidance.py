"""The score of p(x) p(y | x)^γ, as a noise prediction: −√(1 − ᾱ) times the sum of the two gradients."""


def value(xp, eps_pred, log_prob_grad, alpha_prod, gamma):
    sigma = xp.reshape(xp.sqrt(1 - alpha_prod), (alpha_prod.shape[0],) + (1,) * (eps_pred.ndim - 1))
    score = -eps_pred / sigma
    return -sigma * (score + gamma * log_prob_grad)
