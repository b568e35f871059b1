"""A table of vectors, looked up: what makes numbers of words, labels and steps."""

from refdgm.declaration.domain import PARAMETER, index, real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "index": index("B", "N", below="K", meaning="i, which row; a label for every example is N = 1"),
        "weight": real("K", "D", kind=PARAMETER, meaning="W, a vector a row"),
    },
    wrt=("weight",),
    result=real("B", "N", "D", meaning="y"),
    source="bengio2003neural",
)
def embedding(index: Array, weight: Array) -> Result:
    """The rows of a table that are named by indices.

        y_bn = W_{i_bn}                                                      (1)

    Cotangent for y_bar:

        W_bar_k = Σ_{b, n: i_bn = k} y_bar_bn                                (2)

    A row that is named twice hears twice, one that is never named hears nothing: its gradient is zero. That of a
    padding index is to be made zero by who has one, and so is what is divided by how often an index comes; both are
    known to `refdgm check`. Indices have no derivative. They count from zero, and those below zero are refused, where
    Python and JAX count them from the end. (2) is a product with the one-hot indices, so a cotangent that is not finite
    reaches every row.
    Source: Bengio, Ducharme, Vincent & Jauvin (2003), section 2, the mapping C.
    """
    xp = namespace(weight)
    rows, width = weight.shape
    flat = xp.reshape(index, (-1,))
    y = xp.reshape(xp.take(weight, flat, axis=0), (*index.shape, width))      # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        each = xp.arange(rows, dtype=index.dtype, device=index.device)
        named = xp.astype(each[:, None] == flat, y_bar.dtype)                 # (K, B N): those named twice add up
        sent = xp.reshape(y_bar, (flat.shape[0], width))
        return {"weight": named @ sent}                                       # (2)

    return y, pullback
