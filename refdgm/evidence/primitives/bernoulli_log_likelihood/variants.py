"""Likelihoods of numbers between 0 and 1."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood

TERMS = (1 / 6, -7 / 360, 31 / 15120, -127 / 604800, 73 / 3421440, -1414477 / 653837184000)  # of 1/l − 1/sinh l


@variant("the continuous Bernoulli law, with its normaliser", bernoulli_log_likelihood)
def continuous(logits: Array, x: Array) -> Any:
    """Less log ∫ e^J dx = log(tanh(l/2)/l) for every component, after which e^J is a density over [0, 1]."""
    xp = namespace(logits)
    value, right = bernoulli_log_likelihood.body(logits, x)
    near = xp.abs(logits) < 0.125
    size = xp.where(near, 1.0, xp.abs(logits))
    gone, square = xp.exp(-size), xp.where(near, logits * logits, 0.0)
    series, slope = 0 * size, 0 * size
    for n in range(len(TERMS), 0, -1):
        series, slope = TERMS[n - 1] / (2 * n) + square * series, TERMS[n - 1] + square * slope
    log_two = xp.log(2 * xp.ones_like(size))
    more = xp.where(near, log_two + square * series, xp.log(size) + xp.log1p(gone) - xp.log1p(-gone))
    steep = xp.where(near, logits * slope, xp.sign(logits) * (1 / size - 2 * gone / ((1 - gone) * (1 + gone))))

    def pullback(bar: Array) -> dict[str, Array]:
        return (g := right(bar)) | {"logits": g["logits"] + against(bar, x) * steep}

    return value + xp.sum(xp.reshape(more, (x.shape[0], dimension(x))), axis=-1), pullback
