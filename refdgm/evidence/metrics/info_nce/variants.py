"""Contrasts in both directions, and of cosines."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.info_nce import info_nce
from refdgm.namespace import Array, namespace


def both(query: Array, key: Array, tau: Array) -> Any:
    value, right = info_nce.body(query, key, tau)
    other, left = info_nce.body(key, query, tau)

    def pullback(bar: Array) -> dict[str, Array]:
        one, two = right(bar / 2), left(bar / 2)
        return {"query": one["query"] + two["key"], "key": one["key"] + two["query"], "tau": one["tau"] + two["tau"]}

    return (value + other) / 2, pullback


def of_length_one(body: Any) -> Any:
    def contrast(query: Array, key: Array, tau: Array) -> Any:
        norm = lambda x: namespace(x).linalg.vector_norm(x, axis=1, keepdims=True)
        units = [x / norm(x) for x in (query, key)]
        value, right = body(*units, tau)

        def pullback(bar: Array) -> dict[str, Array]:
            g = right(bar)
            back = lambda x, unit, e: (e - unit * namespace(x).sum(unit * e, axis=1, keepdims=True)) / norm(x)
            return g | {"query": back(query, units[0], g["query"]), "key": back(key, units[1], g["key"])}

        return value, pullback

    return contrast


@variant("the mean of both directions", info_nce)
def symmetric(query: Array, key: Array, tau: Array) -> Any:
    """½ (J(q, k) + J(k, q)): queries are told from one another too."""
    return both(query, key, tau)


@variant("cosines for products", info_nce)
def of_cosines(query: Array, key: Array, tau: Array) -> Any:
    """The vectors are brought to length one inside, and differentiated through it."""
    return of_length_one(info_nce.body)(query, key, tau)


@variant("cosines, the mean of both directions", info_nce)
def of_cosines_symmetric(query: Array, key: Array, tau: Array) -> Any:
    """Both at once, as CLIP is trained."""
    return of_length_one(both)(query, key, tau)
