"""The logarithm of a mean of exponentials."""

from refdgm.namespace import Array, namespace


def log_mean_exp(s: Array, total: Array) -> Array:
    """log(Σ_j e^{s_j} / K), of total = Σ_j e^{s_j}.

    Of every row, (B, 1), for rows whose largest entry is zero. As log(1 + mean (e^s − 1)) where all are almost equal.
    """
    xp = namespace(s)
    below = xp.mean(xp.expm1(s), axis=-1, keepdims=True)
    return xp.where(below > -0.5, xp.log1p(below), xp.log(total / s.shape[-1]))
