"""Rows that learn nothing, rows that learn less, and rows that are stretched."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.layers.embedding import embedding
from refdgm.namespace import Array, namespace

BODY = embedding.body


@variant("row 0 is padding: it hears nothing", embedding)
def padding_first(index: Array, weight: Array) -> Any:
    """PyTorch's padding_idx=0: the value is that of any row."""
    xp = namespace(weight)
    value, right = BODY(index, weight)
    learns = xp.astype(xp.arange(weight.shape[0], device=index.device) > 0, weight.dtype)
    return value, lambda bar: {"weight": learns[:, None] * right(bar)["weight"]}


@variant("divided by how often an index comes", embedding)
def by_frequency(index: Array, weight: Array) -> Any:
    """PyTorch's scale_grad_by_freq: the mean over the places of a row, not their sum."""
    xp = namespace(weight)
    value, right = BODY(index, weight)
    often = right(xp.ones_like(value))["weight"]
    return value, lambda bar: {"weight": right(bar)["weight"] / xp.where(often > 0, often, xp.ones_like(often))}


@variant("times √D", embedding)
def stretched(index: Array, weight: Array) -> Any:
    """As the Transformer has it, whose table is that of its last layer too."""
    root = float(weight.shape[1]) ** 0.5
    value, right = BODY(index, weight)
    return root * value, lambda bar: {"weight": root * right(bar)["weight"]}
