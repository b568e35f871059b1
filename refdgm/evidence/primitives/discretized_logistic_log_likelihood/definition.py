"""The logarithm of σ(a) − σ(b) between the edges of a bin, the outermost at ±∞, added up over all components."""

from refdgm.evidence import traced
from refdgm.evidence.diffusion.components import total


def edges(xp, x, mean, log_scale, levels):
    """Half the width of a bin, and its upper and lower edge in units of the scale."""
    half, scale = (0 * x + 1) / (levels - 1), xp.exp(log_scale)
    return half, (x + half - mean) / scale, (x - half - mean) / scale


def discretized_logistic_log_likelihood(xp, x, mean, log_scale, *, levels):
    """The difference as one fraction; which of three bins x is in, by the largest of three numbers."""
    half, a, b = edges(xp, x, mean, log_scale, levels)
    which = xp.argmax(xp.stack([0 * x, half - 1 - x, x - 1 + half], axis=0), axis=0)
    inside, first, last = (xp.eye(3)[bin][which] for bin in range(3))
    between = (xp.exp(a) - xp.exp(b)) / ((1 + xp.exp(a)) * (1 + xp.exp(b)))
    below, above = 1 / (1 + xp.exp(-a)), 1 / (1 + xp.exp(b))
    return total(xp, inside * xp.log(between) + first * xp.log(below) + last * xp.log(above))


def chosen(xp, x, half, inside, below, above):
    return total(xp, xp.where(x < half - 1, below, xp.where(x > 1 - half, above, inside)))


def discretized_logistic_log_likelihood__usual(xp, x, mean, log_scale, *, levels):
    """Both tails by softplus, and what they leave of a bin by its width."""
    half, a, b = edges(xp, x, mean, log_scale, levels)
    above, below = -traced.softplus(b), -traced.softplus(-a)
    return chosen(xp, x, half, above + below + xp.log(1 - xp.exp(b - a)), below, above)


def discretized_logistic_log_likelihood__difference(xp, x, mean, log_scale, *, levels, softplus=traced.softplus):
    """As it is published where the chance of the bin is above 10⁻⁵, and log σ(a) = a − softplus(a). A softplus that is
    another shows as in −softplus(−a) too, and below it as in the logarithm of the density, m − ρ − 2 softplus(m)."""
    half, a, b = edges(xp, x, mean, log_scale, levels)
    bounded = lambda u: traced.sigmoid(-xp.minimum(-u, 80.0))  # 10⁻³⁵, so that no exponential overflows in float32
    off = lambda u: traced.softplus(u) - softplus(u)
    apart, below, above = bounded(a) - bounded(b), a - softplus(a) + off(-a), -softplus(b)
    far = -softplus(b) - softplus(-a) + xp.log(1 - xp.exp(-2 * half / xp.exp(log_scale))) + 2 * off((a + b) / 2)
    return chosen(xp, x, half, xp.where(apart > 1e-5, xp.log(xp.where(apart > 1e-5, apart, 1.0)), far), below, above)


def discretized_logistic_log_likelihood__linear(xp, x, mean, log_scale, *, levels):
    return discretized_logistic_log_likelihood__difference(xp, x, mean, log_scale, levels=levels,
                                                           softplus=traced.linear_softplus)
