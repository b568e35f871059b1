"""The distance that belongs to a divergence."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one
from refdgm.primitives.categorical_kl import jensen_shannon_divergence


@variant("the distance, its square root", jensen_shannon_divergence)
def distance(logits_p: Array, logits_q: Array) -> Any:
    """√JSD, which obeys the triangle inequality: `jensenshannon` of SciPy. Equal laws have no slope: 0 is written."""
    value, right = jensen_shannon_divergence.body(logits_p, logits_q)
    root = namespace(value).sqrt(value)
    return root, lambda bar: right(bar / or_one(2 * root))
