"""log of the density (K-1)! tau^(K-1) prod_k [ pi_k c_k^(-tau-1) / sum_j pi_j c_j^(-tau) ], with pi = exp(logits)."""

from refdgm.evidence import traced


def concrete_log_density(xp, c, logits, tau):
    pi, count = xp.exp(logits), c.shape[1]
    whole = xp.sum(pi * xp.exp(-tau * xp.log(c)), axis=1, keepdims=True)
    factors = pi * xp.exp(-(tau + 1) * xp.log(c)) / whole
    factorial = sum(xp.log(0 * tau + j) for j in range(1, count))
    return factorial + (count - 1) * xp.log(tau) + xp.sum(xp.log(factors), axis=1)


def concrete_log_density__usual(xp, c, logits, tau):
    """In logarithms, the logits normalised first, as probability libraries do."""
    count = c.shape[1]
    score = logits - traced.log_sum_exp(logits, 1)[:, None] - tau * xp.log(c)
    factorial = xp.sum(xp.log(xp.arange(1.0, count)))
    density = xp.sum(score - traced.log_sum_exp(score, 1)[:, None] - xp.log(c), axis=1)
    return factorial + (count - 1) * xp.log(tau) + density
