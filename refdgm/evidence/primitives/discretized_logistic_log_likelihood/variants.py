"""Likelihoods of bins whose chance is small."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.numerics.halves import halves
from refdgm.primitives.discretized_logistic_log_likelihood import discretized_logistic_log_likelihood
from refdgm.primitives.softplus import softplus


@variant("the density at the level times 2δ, where the chance of the bin is below 10⁻⁵",
         discretized_logistic_log_likelihood)
def density_in_the_tails(x: Array, mean: Array, log_scale: Array, *, levels: int) -> Any:
    """Of inner bins alone, as in the published code of PixelCNN++; near enough where the bin is narrow beside s."""
    xp = namespace(x)
    _, right = discretized_logistic_log_likelihood.body(x, mean, log_scale, levels=levels)
    n, rate = levels - 1, xp.exp(-log_scale)
    a, m, b = ((x - mean + edge / n) * rate for edge in (1, 0, -1))
    chance = xp.exp(-softplus.body(-a)[0] - softplus.body(b)[0]) * -xp.expm1(-2 * rate / n)
    far = (chance < 1e-5) & (n * (x + 1) >= 1) & (n * (1 - x) >= 1)
    density = xp.log(2 * rate / n) - softplus.body(-m)[0] - softplus.body(m)[0]
    on, off = halves(m)
    log_p = -xp.where(n * (1 - x) < 1, 0.0, softplus.body(-a)[0]) - xp.where(n * (x + 1) < 1, 0.0, softplus.body(b)[0])
    inner = (n * (x + 1) >= 1) & (n * (1 - x) >= 1)
    log_p = xp.where(far, density, log_p + xp.where(inner, xp.log(-xp.expm1(-2 * rate / n)), 0.0))
    value = xp.sum(xp.reshape(log_p, (x.shape[0], dimension(x))), axis=-1)

    def pullback(bar: Array) -> dict[str, Array]:
        g, each = right(bar), against(bar, x)
        x_bar = xp.where(far, each * (off - on) * rate, g["x"])
        return {"x": x_bar, "mean": -x_bar, "log_scale": xp.where(far, each * (m * (on - off) - 1), g["log_scale"])}

    return value, pullback
