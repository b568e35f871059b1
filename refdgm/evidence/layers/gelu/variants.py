"""The form with tanh."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.layers.gelu import gelu
from refdgm.layers.silu import gelu_tanh
from refdgm.namespace import Array


@variant("the form with tanh", gelu)
def by_tanh(x: Array) -> Any:
    """½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the reference gelu_tanh: jax.nn.gelu unless it is asked otherwise."""
    return gelu_tanh.body(x)
