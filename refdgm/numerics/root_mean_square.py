"""How large the components of a vector are, and what of another vector does not change that."""

from refdgm.namespace import Array, namespace


def root_mean_square(x: Array, eps: Array) -> tuple[Array, Array]:
    """√(mean(x²) + ϵ) and ϵ / (mean(x²) + ϵ).

    Along the last axis, which stays with size one. No square overflows or vanishes, for the mean of the sizes and √ϵ
    together are the unit.
    """
    xp = namespace(x)
    root = xp.sqrt(eps)
    unit = xp.mean(xp.abs(x), axis=-1, keepdims=True) + root
    of_x, of_eps = xp.mean((x / unit) ** 2, axis=-1, keepdims=True), (root / unit) ** 2
    return unit * xp.sqrt(of_x + of_eps), of_eps / (of_x + of_eps)


def off_direction(h: Array, n: Array, rest: Array, centred: bool) -> Array:
    """h − n mean(h n), of which where `centred` its mean is taken off too.

    Along the last axis, for n with mean(n²) = 1 − `rest`, itself without a mean where `centred`. Where `rest` is small
    nearly all of an h along n is taken off: what is across n and what is along it are found apart, the former twice,
    and of the latter `rest` is kept.
    """
    xp = namespace(h)

    def mean(of: Array) -> Array:
        return xp.mean(of, axis=-1, keepdims=True)

    power = xp.where(rest > 0.5, 1.0, mean(n * n))
    across, along = h, xp.zeros_like(rest)
    for _ in range(2):
        across = across - mean(across) if centred else across
        share = mean(across * n) / power
        across, along = across - share * n, along + share
    inside = h - mean(h) if centred else h
    return xp.where(rest > 0.5, inside - n * mean(inside * n), across + along * rest * n)
