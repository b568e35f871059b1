"""The moved half of a coupling layer, from its scale."""

from refdgm.evidence import traced
from refdgm.evidence.diffusion.components import total


def affine_coupling(xp, x, log_scale, shift, *, direction, scale):
    if scale == "exp":
        a, log_det = xp.exp(log_scale), total(xp, log_scale)
    else:
        odds = xp.exp(-log_scale - 2)
        a, log_det = 1 / (1 + odds), -total(xp, xp.log(1 + odds))
    if direction == "forward":
        return a * x + shift, log_det
    return (x - shift) / a, -log_det


def affine_coupling__usual(xp, x, log_scale, shift, *, direction, scale, softplus=traced.softplus):
    """Exponentials of the logarithm of the scale, that of the logistic function by the library's own."""
    s = log_scale if scale == "exp" else -softplus(-(log_scale + 2))
    if direction == "forward":
        return x * xp.exp(s) + shift, total(xp, s)
    return (x - shift) * xp.exp(-s), total(xp, -s)


def affine_coupling__linear(xp, x, log_scale, shift, **options):
    return affine_coupling__usual(xp, x, log_scale, shift, **options, softplus=traced.linear_softplus)


def affine_coupling__scaled(xp, x, log_scale, shift, *, direction, scale):
    """The scale itself, and its logarithm, as flows over images have it."""
    a = xp.exp(log_scale) if scale == "exp" else traced.sigmoid(log_scale + 2)
    if direction == "forward":
        return x * a + shift, total(xp, xp.log(a))
    return (x - shift) / a, -total(xp, xp.log(a))
