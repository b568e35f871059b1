"""The same sines and cosines in another order."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding


def reordered(t: Array, order: list[int], options: dict[str, Any]) -> Any:
    """Entry i is entry order[i] of the reference."""
    xp = namespace(t)
    there = xp.asarray(order, device=t.device)
    back = xp.asarray([order.index(i) for i in range(len(order))], device=t.device)
    embedded, pullback = sinusoidal_embedding.body(t, **options)
    return xp.take(embedded, there, axis=1), lambda bar: pullback(xp.take(bar, back, axis=1))


@variant("the cosines first", sinusoidal_embedding)
def cosines_first(t: Array, *, features: int, spacing: str) -> Any:
    """(cos, …, cos, sin, …, sin), as in guided-diffusion and under diffusers' flip_sin_to_cos."""
    half = features // 2
    return reordered(t, [*range(half, features), *range(half)], {"features": features, "spacing": spacing})


@variant("sines and cosines in turn", sinusoidal_embedding)
def interleaved(t: Array, *, features: int, spacing: str) -> Any:
    """(sin, cos, sin, cos, …), as the formula of Vaswani et al. numbers its entries."""
    half = features // 2
    order = [i + half * other for i in range(half) for other in (0, 1)]
    return reordered(t, order, {"features": features, "spacing": spacing})
