"""A network that is the energy of a law, and the score that follows from it."""

from typing import Any

from refdgm.declaration.domain import parameters, real, scale, word
from refdgm.namespace import Array, Results, namespace
from refdgm.nets.activation import ACTIVATIONS, KINKED, smooth
from refdgm.nets.layout import MLP
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, the points"),
        "theta": parameters(MLP, "D", 1, meaning="θ = W1, b1, …, WL, bL of a network with one output"),
        "activation": word(*ACTIVATIONS, refused={"relu": KINKED}, meaning="φ; ReLU is refused, for φ'' enters"),
    },
    wrt=("x", "theta"),
    result={
        "energy": real("B", meaning="E, of which e^{−E}/Z is the density"),
        "score": real("B", "D", meaning="s = ∂ log p/∂x = −∂E/∂x"),
    },
    source="lecun2006energy",
    conventions={"a network of −E, which is the energy's minus": {"energy": scale(-1), "score": scale(-1)}},
)
def energy_score(x: Array, theta: dict[str, Array], *, activation: str) -> Results:
    """The energy of an unnormalised law p = e^{−E}/Z, E a perceptron, and its score, both differentiable.

        h⁰ = x,   aˡ = Wˡ hˡ⁻¹ + bˡ,   hˡ = φ(aˡ) for l < L,   E = aᴸ                   (1)
        δᴸ = 1,   δˡ⁻¹ = φ'(aˡ⁻¹) ∘ (Wˡᵀ δˡ),   s = −∂E/∂x = −W¹ᵀ δ¹                    (2)

    Cotangents for E_bar and s_bar. ⟨s_bar, s⟩ is minus the derivative of E along s_bar; so from the first layer to the
    last

        h_dot⁰ = s_bar,   a_dotˡ = Wˡ h_dotˡ⁻¹,   h_dotˡ = φ'(aˡ) ∘ a_dotˡ              (3)

    and, with a_barᴸ = E_bar, from the last to the first, summed over the batch:

        W_barˡ = Σ a_barˡ (hˡ⁻¹)ᵀ − δˡ (h_dotˡ⁻¹)ᵀ,   b_barˡ = Σ a_barˡ                 (4)
        a_barˡ⁻¹ = φ' ∘ (Wˡᵀ a_barˡ) − φ'' ∘ a_dotˡ⁻¹ ∘ (Wˡᵀ δˡ),   x_bar = W¹ᵀ a_bar¹  (5)

    The cotangent of a_dotˡ is −δˡ, which (2) has made already, so that the gradient of a score costs one sweep more
    than that of a network. Z is in neither output: s does not see bᴸ, and its b_barᴸ is zero. What is returned is E and
    not −E, and the temperature is one: an E/T is that of other parameters of the last layer.
    Source: LeCun et al. (2006); the score of an unnormalised law as in Hyvärinen (2005); (3–5) by the chain rule.
    """
    xp = namespace(x)
    phi = smooth(activation)
    depth = len(theta) // 2
    h, slopes, bends = [x], [], []
    for layer in range(1, depth):
        value, slope, bend = phi(h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"], 2)
        h.append(value)
        slopes.append(slope)
        bends.append(bend)
    energy = (h[-1] @ theta[f"W{depth}"].T + theta[f"b{depth}"])[:, 0]        # (1)
    delta = xp.ones((x.shape[0], 1), dtype=x.dtype, device=x.device)
    deltas = [delta]
    backs: list[Array] = []
    for layer in range(depth, 1, -1):
        backs.insert(0, delta @ theta[f"W{layer}"])
        delta = slopes[layer - 2] * backs[0]                                  # (2)
        deltas.insert(0, delta)
    score = -(delta @ theta["W1"])

    def pullback(energy_bar: Array, score_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        h_dot, a_dot = [score_bar], []
        for layer in range(1, depth):
            a_dot.append(h_dot[-1] @ theta[f"W{layer}"].T)                    # (3)
            h_dot.append(slopes[layer - 1] * a_dot[-1])
        a_bar, theta_bar, x_bar = energy_bar[:, None], {}, None
        ones = xp.ones(x.shape[0], dtype=x.dtype, device=x.device)
        for layer in range(depth, 0, -1):
            if "theta" in wrt:
                theta_bar[f"b{layer}"] = ones @ a_bar                         # (4)
                theta_bar[f"W{layer}"] = a_bar.T @ h[layer - 1] - deltas[layer - 1].T @ h_dot[layer - 1]
            if layer > 1:
                curved = bends[layer - 2] * a_dot[layer - 2] * backs[layer - 2]
                a_bar = slopes[layer - 2] * (a_bar @ theta[f"W{layer}"]) - curved     # (5)
            elif "x" in wrt:
                x_bar = a_bar @ theta["W1"]
        return {"x": x_bar, "theta": {name: theta_bar[name] for name in theta if name in theta_bar}}

    return (energy, score), pullback
