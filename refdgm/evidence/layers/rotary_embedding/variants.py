"""Other pairs, and another direction."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.layers.rotary_embedding import rotary_embedding
from refdgm.namespace import Array, namespace

BODY = rotary_embedding.body


def neighbours(x: Array, position: Array, base: Array) -> Any:
    """Components 2i and 2i + 1 in the place of i and n + i."""
    xp, many = namespace(x), x.shape[2]
    n = many // 2
    to = [2 * i for i in range(n)] + [2 * i + 1 for i in range(n)] + list(range(2 * n, many))
    there = xp.asarray(to, dtype=xp.int64, device=x.device)
    back = xp.asarray([to.index(i) for i in range(many)], dtype=xp.int64, device=x.device)
    y, right = BODY(xp.take(x, there, axis=2), position, base)

    def pullback(bar: Array) -> dict[str, Array]:
        grads = right(xp.take(bar, there, axis=2))
        return grads | {"x": xp.take(grads["x"], back, axis=2)}

    return xp.take(y, back, axis=2), pullback


def turned_back(body: Any) -> Any:
    def other(x: Array, position: Array, base: Array) -> Any:
        y, right = body(x, -position, base)
        return y, lambda bar: (g := right(bar)) | {"position": -g["position"]}

    return other


@variant("pairs of neighbours", rotary_embedding)
def in_turn(x: Array, position: Array, base: Array) -> Any:
    """The pair of 2i is 2i + 1, as in RoFormer, GPT-J and the first code of Llama."""
    return neighbours(x, position, base)


@variant("turned the other way", rotary_embedding)
def clockwise(x: Array, position: Array, base: Array) -> Any:
    """By −ω t: products of queries and keys know their distance all the same (karpathy/nanochat #489)."""
    return turned_back(BODY)(x, position, base)


@variant("pairs of neighbours, turned the other way", rotary_embedding)
def in_turn_clockwise(x: Array, position: Array, base: Array) -> Any:
    """Both at once."""
    return turned_back(neighbours)(x, position, base)
