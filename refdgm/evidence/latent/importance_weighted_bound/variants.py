"""Bounds up to a constant."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.importance_weighted_bound import importance_weighted_bound
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]


@variant("for gaussian without the constant ½ log 2π", importance_weighted_bound)
def without_constant(x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Field, decoder: Field,
                     likelihood: str) -> Any:
    """−½ ‖x − f‖² for log p, as where a loss is called a reconstruction error."""
    xp = namespace(x)
    value, right = importance_weighted_bound.body(x, eps, phi, theta, encoder=encoder, decoder=decoder,
                                                  likelihood=likelihood)
    more = x.shape[1] / 2 * xp.log(2 * xp.pi * xp.ones_like(value))
    return value + more if likelihood == "gaussian" else value, right
