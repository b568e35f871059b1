"""Another place of ϵ."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.layers.group_norm import group_norm
from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one


@variant("ϵ outside the root", group_norm)
def deviation_and_eps(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """√mean(c²) + ϵ for √(mean(c²) + ϵ): a deviation as a library's `std` gives it, kept from zero."""
    xp, w = namespace(x), weight[:, :, None]
    mean = lambda x: xp.mean(x, axis=(2, 3), keepdims=True)
    c = x - mean(x)
    deviation = xp.sqrt(mean(c * c))
    r = deviation + eps

    def pullback(bar: Array) -> dict[str, Array]:
        h = bar * w - mean(bar * w)
        x_bar = h / r - c * (mean(h * c) / (or_one(deviation) * r * r))
        return {"x": x_bar, "weight": xp.sum(bar * c / r, axis=(0, 3)), "bias": xp.sum(bar, axis=(0, 3))}

    return c / r * w + bias[:, :, None], pullback
