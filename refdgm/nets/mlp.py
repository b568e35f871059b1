"""The multilayer perceptron, its tangent, and the pullbacks of both.

`mlp_tangent` is the one second-order kernel: every objective that contains a network's Jacobian (implicit and
sliced score matching, continuous flows, gradient penalties) is a choice of directions and cotangents for it.
"""

from refdgm.declaration.domain import parameters, real, word
from refdgm.namespace import Array, Result, Results, namespace
from refdgm.nets.activation import ACTIVATIONS, FIRST_ORDER, KINKED, smooth
from refdgm.nets.directions import along, outer, through
from refdgm.nets.layout import MLP
from refdgm.reference import reference

THETA = parameters(MLP, "D", "E", meaning="θ = W1, b1, …, WL, bL; weights are (out, in)")


@reference(
    args={
        "x": real("B", "D", meaning="x, the input"),
        "theta": THETA,
        "activation": word(*FIRST_ORDER, meaning="φ; with φ'(0) = 0 for ReLU"),
    },
    wrt=("x", "theta"),
    result=real("B", "E", meaning="y, the output of the last, linear layer"),
    source="rumelhart1986backprop",
)
def mlp(x: Array, theta: dict[str, Array], *, activation: str) -> Result:
    """A multilayer perceptron with a linear last layer.

        h⁰ = x,   aˡ = Wˡ hˡ⁻¹ + bˡ,   hˡ = φ(aˡ) for l < L,   y = aᴸ        (1)

    Cotangents for y_bar = a_barᴸ, from the last layer to the first:

        W_barˡ = Σ_b a_barˡ (hˡ⁻¹)ᵀ,   b_barˡ = Σ_b a_barˡ                   (2)
        a_barˡ⁻¹ = φ'(aˡ⁻¹) ∘ (Wˡᵀ a_barˡ),   x_bar = W¹ᵀ a_bar¹             (3)

    ReLU has no derivative at 0; φ'(0) = 0 is taken. Where the network's own derivative is part of the objective
    (mlp_tangent, score matching, exact traces), ReLU is refused: its curvature is not seen at any point.
    Source: Rumelhart, Hinton & Williams (1986).
    """
    xp = namespace(x)
    phi = FIRST_ORDER[activation]
    depth = len(theta) // 2
    h, slopes = [x], []
    for layer in range(1, depth):
        a = h[-1] @ theta[f"W{layer}"].T                                      # (1)
        a += theta[f"b{layer}"]
        value, slope = phi(a, 1)
        h.append(value)
        slopes.append(slope)
    y = h[-1] @ theta[f"W{depth}"].T + theta[f"b{depth}"]

    def pullback(y_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Array]:
        a_bar, theta_bar, x_bar = y_bar, {}, None
        ones = xp.ones(x.shape[0], dtype=x.dtype, device=x.device)
        for layer in range(depth, 0, -1):
            if "theta" in wrt:
                theta_bar[f"b{layer}"] = ones @ a_bar                                 # (2)
                theta_bar[f"W{layer}"] = a_bar.T @ h[layer - 1]
            if layer > 1:
                a_bar = a_bar @ theta[f"W{layer}"]                            # (3)
                a_bar *= slopes[layer - 2]
            elif "x" in wrt:
                x_bar = a_bar @ theta["W1"]
        return {"x": x_bar, "theta": {name: theta_bar[name] for name in theta if name in theta_bar}}

    return y, pullback


def mlp_value(x: Array, theta: dict[str, Array], activation: str) -> Array:
    """The value of `mlp`, bit for bit, without the slopes that a pullback needs."""
    depth, h = len(theta) // 2, x
    for layer in range(1, depth):
        a = h @ theta[f"W{layer}"].T
        a += theta[f"b{layer}"]
        (h,) = FIRST_ORDER[activation](a, 0)
    return h @ theta[f"W{depth}"].T + theta[f"b{depth}"]


@reference(
    args={
        "x": real("B", "D", meaning="x, the input"),
        "x_dot": real("B", "R", "D", meaning="x_dot, R directions"),
        "theta": THETA,
        "activation": word(*ACTIVATIONS, refused={"relu": KINKED}, meaning="φ; ReLU is refused, for φ'' enters"),
    },
    wrt=("x", "x_dot", "theta"),
    result={"y": real("B", "E", meaning="y"), "y_dot": real("B", "R", "E", meaning="y_dot = (∂y/∂x) x_dot")},
    source="pearlmutter1994hvp",
)
def mlp_tangent(x: Array, x_dot: Array, theta: dict[str, Array], *, activation: str) -> Results:
    """A multilayer perceptron and its derivative in R directions, both differentiable.

        h_dot⁰ = x_dot,   a_dotˡ = Wˡ h_dotˡ⁻¹,   h_dotˡ = φ'(aˡ) ∘ a_dotˡ for l < L,   y_dot = a_dotᴸ  (1)

    with aˡ, hˡ and y as in `mlp`. Cotangents a_barᴸ = y_bar and d_barᴸ of a_dotᴸ, which is that of y_dot; for l = L …
    1, summed over the batch and the directions r:

        W_barˡ = Σ a_barˡ (hˡ⁻¹)ᵀ + Σ_r d_barˡ (h_dotˡ⁻¹)ᵀ,   b_barˡ = Σ a_barˡ                         (2)
        g = Wˡᵀ a_barˡ,   g_dot = Wˡᵀ d_barˡ                                                            (3)
        d_barˡ⁻¹ = φ' ∘ g_dot,   a_barˡ⁻¹ = φ' ∘ g + φ'' ∘ Σ_r (a_dotˡ⁻¹ ∘ g_dot)                       (4)
        x_bar = W¹ᵀ a_bar¹,   of x_dot:  W¹ᵀ d_bar¹                                                     (5)

    The second term of (4) is what first-order backpropagation lacks: aˡ⁻¹ also enters through φ' in (1).
    Directions may be shared by the batch (a leading axis of 1) in `.body`; the cotangents are per example all the same.
    Source: Pearlmutter (1994) for the R-operator; the reverse pass follows from it by the chain rule.
    """
    xp = namespace(x)
    phi = smooth(activation)
    depth = len(theta) // 2
    h, h_dot, a_dot, slopes, bends = [x], [x_dot], [], [], []
    for layer in range(1, depth):
        weight = theta[f"W{layer}"].T
        value, slope, bend = phi(h[-1] @ weight + theta[f"b{layer}"], 2)
        a_dot.append(through(h_dot[-1], weight))                                      # (1)
        h.append(value)
        h_dot.append(slope[:, None, :] * a_dot[-1])
        slopes.append(slope)
        bends.append(bend)
    weight = theta[f"W{depth}"].T
    y, y_dot = h[-1] @ weight + theta[f"b{depth}"], through(h_dot[-1], weight)

    def pullback(y_bar: Array, y_dot_bar: Array, wrt: tuple[str, ...] = ("x", "x_dot", "theta")) -> dict[str, Array]:
        a_bar, a_dot_bar, theta_bar, out = y_bar, y_dot_bar, {}, {}
        ones = xp.ones(x.shape[0], dtype=x.dtype, device=x.device)
        for layer in range(depth, 0, -1):
            weight = theta[f"W{layer}"]
            if "theta" in wrt:
                theta_bar[f"b{layer}"] = ones @ a_bar                                 # (2)
                theta_bar[f"W{layer}"] = a_bar.T @ h[layer - 1] + outer(a_dot_bar, h_dot[layer - 1])
            if layer > 1:
                slope, bend = slopes[layer - 2], bends[layer - 2]
                back, back_dot = a_bar @ weight, through(a_dot_bar, weight)           # (3)
                bend = bend * along(a_dot[layer - 2], back_dot)
                a_bar, a_dot_bar = back, back_dot
                a_bar *= slope                                                        # (4)
                a_bar += bend
                a_dot_bar *= slope[:, None, :]
            else:
                out = {name: bar @ weight for name, bar in (("x", a_bar), ("x_dot", a_dot_bar)) if name in wrt}  # (5)
        return out | {"theta": {name: theta_bar[name] for name in theta if name in theta_bar}}

    return (y, y_dot), pullback
