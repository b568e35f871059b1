"""The affine layer."""

from refdgm.declaration.domain import PARAMETER, real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, the input"),
        "W": real("E", "D", kind=PARAMETER, meaning="W, weights, (out, in)"),
        "b": real("E", kind=PARAMETER, meaning="b, biases"),
    },
    wrt=("x", "W", "b"),
    result=real("B", "E", meaning="y"),
    source="rumelhart1986backprop",
)
def affine(x: Array, W: Array, b: Array) -> Result:
    """An affine layer, the part of a network that learns.

        y = W x + b,  for every example                                                       (1)

    Cotangents for y_bar:

        x_bar = Wᵀ y_bar,   W_bar = Σ y_bar xᵀ,   b_bar = Σ y_bar,  summed over the examples  (2)

    The examples are rows, so (1) is x Wᵀ + b. Weights are (out, in), as in PyTorch; where they are (in, out), as in
    JAX and Flax, transpose them and their gradient.
    Source: Rumelhart, Hinton & Williams (1986).
    """
    xp = namespace(x)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar @ W, "W": y_bar.T @ x, "b": xp.sum(y_bar, axis=0)}  # (2)

    return x @ W.T + b, pullback                                              # (1)
