"""The masked perceptron, of whose outputs each sees the inputs before it and no other."""

from collections.abc import Sequence
from typing import Any

from refdgm.declaration.domain import parameters, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.activation import FIRST_ORDER
from refdgm.nets.layout import MLP
from refdgm.nets.mlp import mlp
from refdgm.reference import reference


def allowed(xp: Any, features: int, widths: Sequence[int], device: Any = None) -> list[Array]:
    """Which weights of a layer stay, layer after layer: (to, from); the last of `widths` is that of the output."""
    below = xp.arange(1, features + 1, device=device)                         # made (1)
    first, different = min(1, features - 1), max(1, features - 1)
    masks = []
    for width in widths[:-1]:
        degree = first + xp.arange(width, device=device) % different          # made (1)
        masks.append(degree[:, None] >= below[None, :])                       # made (2)
        below = degree
    return [*masks, xp.arange(1, widths[-1] + 1, device=device)[:, None] > below[None, :]]   # made (2)


@reference(
    args={
        "x": real("B", "D", meaning="x, the input"),
        "theta": parameters(MLP, meaning="θ = W1, b1, …, WL, bL of D outputs; weights are (out, in), and not masked"),
        "activation": word(*FIRST_ORDER, meaning="φ; with φ'(0) = 0 for ReLU"),
    },
    wrt=("x", "theta"),
    result=real("B", "D", meaning="y: y_d depends on x_1 … x_{d−1} alone"),
    source="germain2015made",
)
def made(x: Array, theta: dict[str, Array], *, activation: str) -> Result:
    """A masked perceptron (MADE): its Jacobian is strictly lower triangular, whatever its weights are.

    With a degree m for every unit, of the inputs, the hidden layers (k counted from 0) and the outputs:

        m_d = d,   mˡ_k = min(1, D − 1) + (k mod max(1, D − 1)) for l < L,   mᴸ_d = d           (1)
        Mˡ_{ij} = 1 if mˡ_i ≥ mˡ⁻¹_j for l < L, and if mᴸ_i > mᴸ⁻¹_j in the last layer, else 0  (2)
        y = the perceptron of the weights Mˡ ∘ Wˡ and of the biases bˡ                          (3)

    Cotangents for y_bar, with those of the perceptron's weights on the right:

        W_barˡ = Mˡ ∘ W_barˡ                                                                    (4)

    The first output is a number that no input moves: for D > 1, its bias. Of D − 1 hidden units each has a degree
    of its own. Other code numbers the units otherwise: the networks are the same up to their order, and θ is not.
    Masks are made of the shapes alone. What a masked weight is plays no part, and no gradient moves it.
    Source: Germain, Gregor, Murray & Larochelle (2015), section 4, with degrees in turn where the paper draws them.
    """
    xp = namespace(x)
    layers = range(1, len(theta) // 2 + 1)
    masks = allowed(xp, x.shape[1], [theta[f"b{n}"].shape[0] for n in layers], x.device)      # (1, 2)
    kept = {f"W{n}": mask for n, mask in zip(layers, masks, strict=True)}

    def masked(entries: dict[str, Array]) -> dict[str, Array]:
        return {n: xp.where(kept[n], e, xp.zeros_like(e)) if n in kept else e for n, e in entries.items()}

    y, network_pullback = mlp.body(x, masked(theta), activation=activation)   # (3)

    def pullback(y_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        grads = network_pullback(y_bar, wrt=wrt)
        return {"x": grads["x"], "theta": masked(grads["theta"])}             # (4)

    return y, pullback
