"""log p(x | z) of the draws of an example, from what a decoder gives for each, with its pullback."""

from collections.abc import Callable

from refdgm.namespace import Array, namespace

Pullback = Callable[[Array], tuple[Array, Array]]


def gaussian(x: Array, out: Array) -> tuple[Array, Pullback]:
    """log N(x; f_r, I) of x (B, D) and f (B, R, D), shape (B, R); cotangents of f, then of x."""
    xp = namespace(x)
    apart = x[:, None, :] - out
    log_two_pi = xp.log(xp.full((), 2 * xp.pi, dtype=x.dtype, device=x.device))
    value = -(xp.sum(apart * (apart / 2), axis=-1) + x.shape[1] / 2 * log_two_pi)

    def pullback(log_p_bar: Array) -> tuple[Array, Array]:
        out_bar = log_p_bar[:, :, None] * apart
        return out_bar, -xp.sum(out_bar, axis=1)

    return value, pullback


def bernoulli(x: Array, out: Array) -> tuple[Array, Pullback]:
    """Σ x log σ(l_r) + (1 − x) log σ(−l_r) of x (B, D) and l (B, R, D), as bernoulli_log_likelihood has it."""
    xp = namespace(x)
    yes, no, t = x[:, None, :], 1 - x[:, None, :], xp.exp(-xp.abs(out))
    value = -xp.sum(no * xp.maximum(out, 0) + yes * xp.maximum(-out, 0) + xp.log1p(t), axis=-1)

    def pullback(log_p_bar: Array) -> tuple[Array, Array]:
        up, down = xp.exp(xp.minimum(out, 0)) / (1 + t), xp.exp(xp.minimum(-out, 0)) / (1 + t)
        return log_p_bar[:, :, None] * (yes * down - no * up), xp.sum(log_p_bar[:, :, None] * out, axis=1)

    return value, pullback


LIKELIHOODS: dict[str, Callable[[Array, Array], tuple[Array, Pullback]]] = {
    "gaussian": gaussian,
    "bernoulli": bernoulli,
}
REFUSED = {
    "mse": "without ½ and its constant a square is no likelihood: take gaussian",
    "bce": "its likelihood is called bernoulli, of logits",
}
