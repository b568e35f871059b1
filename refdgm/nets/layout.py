"""Layouts: which arrays a network's parameters consist of, told both ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Layout:
    """`shapes(inputs, outputs, hidden)` names and shapes the entries; `sizes(shapes)` reads (hidden, outputs) back."""

    shapes: Callable[[int, int, tuple[int, ...]], dict[str, tuple[int, ...]]]
    sizes: Callable[[Shapes], tuple[tuple[int, ...], int]]


def mlp_shapes(inputs: int, outputs: int, hidden: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """W1 (H₁, inputs), b1 (H₁), …, weights are (out, in)."""
    widths = (inputs, *hidden, outputs)
    return {
        name: shape
        for layer in range(1, len(widths))
        for name, shape in (
            (f"W{layer}", (widths[layer], widths[layer - 1])),
            (f"b{layer}", (widths[layer],)),
        )
    }


def mlp_sizes(shapes: Shapes) -> tuple[tuple[int, ...], int]:
    """Read off the biases, off the weight where one was forgotten; what is wrong shows in the comparison."""
    widths: list[int] = []
    while (shape := shapes.get(f"b{len(widths) + 1}", shapes.get(f"W{len(widths) + 1}"))) is not None:
        widths.append(shape[0] if shape else 1)
    return tuple(widths[:-1]), (widths or [1])[-1]


MLP = Layout(mlp_shapes, mlp_sizes)
SHALLOW = Layout(lambda inputs, outputs, hidden: mlp_shapes(inputs, outputs, (*hidden, 1)[:1]), mlp_sizes)  # one layer
TIMED_MLP = Layout(lambda inputs, outputs, hidden: mlp_shapes(inputs + 1, outputs, hidden), mlp_sizes)
AFFINE = Layout(
    lambda inputs, outputs, hidden: {"A": (outputs, inputs), "b": (outputs,)},
    lambda shapes: ((), (shapes.get("b") or (1,))[0]),
)
RATES = Layout(
    lambda inputs, outputs, hidden: {"theta": (outputs,)},
    lambda shapes: ((), (shapes.get("theta") or (1,))[0]),
)
