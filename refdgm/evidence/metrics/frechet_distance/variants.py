"""The distance whose square the reference is."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.frechet_distance import frechet_distance
from refdgm.namespace import Array, namespace


@variant("the distance d itself, not squared", frechet_distance)
def of_no_square(mean_p: Array, cov_p: Array, mean_q: Array, cov_q: Array) -> Any:
    """The root of d², a metric, as libraries of optimal transport return it; of equal laws it has no gradient."""
    value, right = frechet_distance.body(mean_p, cov_p, mean_q, cov_q)
    length = namespace(value).sqrt(value)
    return length, lambda bar: right(bar / 2 / length)
