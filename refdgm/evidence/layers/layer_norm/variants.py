"""Other places of ϵ, and another deviation."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import variant
from refdgm.layers.layer_norm import layer_norm, rms_norm
from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one

OUTSIDE = "ϵ outside the root"


def over(c: Array, many: int, eps: Array, weight: Array, centred: bool) -> tuple[Array, Callable[[Array], Any]]:
    """c over √(Σ c²/many) + ϵ, weighed, with the pullback to x and w."""
    xp = namespace(c)
    mean = lambda x: xp.mean(x, axis=-1, keepdims=True)
    deviation = xp.sqrt(xp.sum(c * c, axis=-1, keepdims=True) / many)
    r = deviation + eps

    def pullback(bar: Array) -> dict[str, Array]:
        h = bar * weight
        h = h - mean(h) if centred else h
        inner = xp.sum(h * c, axis=-1, keepdims=True)
        x_bar = h / r - c * (inner / (many * or_one(deviation) * r * r))
        return {"x": x_bar, "weight": xp.sum(bar * c / r, axis=(0, 1))}

    return c / r * weight, pullback


def centred(x: Array) -> Array:
    return x - namespace(x).mean(x, axis=-1, keepdims=True)


@variant(OUTSIDE, rms_norm)
def rms_and_eps(x: Array, weight: Array, eps: Array) -> Any:
    """√mean(x²) + ϵ for √(mean(x²) + ϵ)."""
    return over(x, x.shape[2], eps, weight, False)


@variant(OUTSIDE, layer_norm)
def deviation_and_eps(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """√mean(c²) + ϵ for √(mean(c²) + ϵ), as burn had it (tracel-ai/burn #2185)."""
    value, back = over(centred(x), x.shape[2], eps, weight, True)
    return value + bias, lambda bar: back(bar) | {"bias": namespace(x).sum(bar, axis=(0, 1))}


@variant("the deviation of a sample, ϵ outside the root", layer_norm)
def of_a_sample(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """√(Σ c²/(D − 1)) + ϵ, as in The Annotated Transformer (harvardnlp/annotated-transformer #119)."""
    value, back = over(centred(x), max(x.shape[2] - 1, 1), eps, weight, True)
    return value + bias, lambda bar: back(bar) | {"bias": namespace(x).sum(bar, axis=(0, 1))}
