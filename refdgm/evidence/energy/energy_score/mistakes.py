"""Mistakes in energies and their scores."""

from typing import Any

from refdgm.energy.energy_score import energy_score
from refdgm.evidence.declare import mistake
from refdgm.evidence.network import Phi, at_output, bent, gate_for_slope, network, smooth, transposed_where_square
from refdgm.namespace import Array, namespace

Theta = dict[str, Array]
BODY = energy_score.body
GRADIENTS = ("gradient.x", "gradient.theta")


def worked(x: Array, theta: Theta, phi: Phi, product: float = 1.0, curved: Any = None) -> Any:
    """As `energy_score`, with φ given; `product` is the factor of δ h_dotᵀ in W_bar, `curved(layer)` that of the φ''
    term."""
    depth = len(theta) // 2
    h, slopes, bends = [x], [], []
    for layer in range(1, depth):
        value, slope, bend = phi(h[-1] @ theta[f"W{layer}"].T + theta[f"b{layer}"])
        h.append(value)
        slopes.append(slope)
        bends.append(bend)
    energy = (h[-1] @ theta[f"W{depth}"].T + theta[f"b{depth}"])[:, 0]
    deltas, backs = {depth: 1 + 0 * energy[:, None]}, {}
    for layer in range(depth, 0, -1):
        backs[layer] = deltas[layer] @ theta[f"W{layer}"]
        deltas[layer - 1] = slopes[layer - 2] * backs[layer] if layer > 1 else backs[layer]

    def pullback(energy_bar: Array, score_bar: Array) -> dict[str, Any]:
        xp, h_dot, a_dot, grads = namespace(x), [score_bar], [], {}
        for layer in range(1, depth):
            a_dot.append(h_dot[-1] @ theta[f"W{layer}"].T)
            h_dot.append(slopes[layer - 1] * a_dot[-1])
        bar = energy_bar[:, None]
        for layer in range(depth, 0, -1):
            grads[f"W{layer}"] = bar.T @ h[layer - 1] - product * (deltas[layer].T @ h_dot[layer - 1])
            grads[f"b{layer}"] = xp.sum(bar, axis=0)
            bar = bar @ theta[f"W{layer}"]
            if layer > 1:
                factor = curved(layer - 1) if curved else 1.0
                bar = slopes[layer - 2] * bar - factor * bends[layer - 2] * a_dot[layer - 2] * backs[layer]
        return {"x": bar, "theta": {name: grads[name] for name in theta}}

    return (energy, -deltas[0]), pullback


# Wrong equations, rightly differentiated


@mistake(energy_score, "score", *GRADIENTS, seen="soran-ghaderi/torchebm #318")
def uphill(x: Array, theta: Theta, *, activation: str) -> Any:
    """s = +∂E/∂x: the gradient of the energy in the place of the score; samplers climb to where nothing is."""
    (energy, s), right = BODY(x, theta, activation=activation)
    return (energy, -s), lambda energy_bar, score_bar: right(energy_bar, -score_bar)


@mistake(energy_score, "energy", *GRADIENTS)
def log_density_for_energy(x: Array, theta: Theta, *, activation: str) -> Any:
    """−E is returned as the energy, with the score of E."""
    (energy, s), right = BODY(x, theta, activation=activation)
    return (-energy, s), lambda energy_bar, score_bar: right(-energy_bar, score_bar)


@mistake(energy_score, "score", *GRADIENTS)
def gradient_of_the_mean(x: Array, theta: Theta, *, activation: str) -> Any:
    """The mean of the energies is differentiated for the score of each: it is divided by the batch; right for one
    example."""
    (energy, s), right = BODY(x, theta, activation=activation)
    return (energy, s / x.shape[0]), lambda energy_bar, score_bar: right(energy_bar, score_bar / x.shape[0])


@mistake(energy_score, "score", *GRADIENTS)
def score_at_another_temperature(x: Array, theta: Theta, *, activation: str) -> Any:
    """The score of e^{−E/2} beside E: a temperature in one of both."""
    (energy, s), right = BODY(x, theta, activation=activation)
    return (energy, s / 2), lambda energy_bar, score_bar: right(energy_bar, score_bar / 2)


@mistake(energy_score, "score", *GRADIENTS)
def score_of_half_the_square(x: Array, theta: Theta, *, activation: str) -> Any:
    """s = −E ∂E/∂x: the squares of the outputs, a regulariser, are differentiated for the energy."""
    xp = namespace(x)
    (energy, s), right = BODY(x, theta, activation=activation)

    def pullback(energy_bar: Array, score_bar: Array) -> dict[str, Any]:
        return right(energy_bar + xp.sum(score_bar * s, axis=1), energy[:, None] * score_bar)

    return (energy, energy[:, None] * s), pullback


@mistake(energy_score)
def square_weights_transposed(x: Array, theta: Theta, *, activation: str) -> Any:
    """a = h W for a = h Wᵀ: only non-square weights complain."""
    outputs, right = BODY(x, transposed_where_square(theta), activation=activation)
    return outputs, lambda *bars: (g := right(*bars)) | {"theta": transposed_where_square(g["theta"])}


@mistake(energy_score, "energy", "gradient.theta")
def last_bias_left_out(x: Array, theta: Theta, *, activation: str) -> Any:
    """E without bᴸ, which no score sees: E is then another energy of the same law."""
    last = f"b{len(theta) // 2}"
    (energy, s), right = BODY(x, theta, activation=activation)
    return (energy - theta[last][0], s), lambda *bars: (
        (g := right(*bars)) | {"theta": g["theta"] | {last: 0 * theta[last]}})


@mistake(energy_score, "score", *GRADIENTS)
def slope_at_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(h) for φ'(a) on the way back."""
    return worked(x, theta, at_output(activation))


@mistake(energy_score, "score", *GRADIENTS)
def silu_slope_without_product(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ' = σ(a) for silu: the term φ σ(−a) of the product rule is dropped; right for tanh and softplus."""
    return worked(x, theta, gate_for_slope(activation))


# The values are right, a gradient is not


@mistake(energy_score, *GRADIENTS)
def score_detached(x: Array, theta: Theta, *, activation: str) -> Any:
    """The gradient of E is taken without a graph: a loss of the score moves nothing."""
    outputs, right = BODY(x, theta, activation=activation)
    return outputs, lambda energy_bar, score_bar: right(energy_bar, 0 * score_bar)


@mistake(energy_score, *GRADIENTS)
def energy_detached(x: Array, theta: Theta, *, activation: str) -> Any:
    """The cotangent of the energy is dropped: a loss of both sees the score alone."""
    outputs, right = BODY(x, theta, activation=activation)
    return outputs, lambda energy_bar, score_bar: right(0 * energy_bar, score_bar)


@mistake(energy_score, "gradient.x")
def score_held_in_x(x: Array, theta: Theta, *, activation: str) -> Any:
    """x_bar is that of E alone: the Hessian is forgotten where a path is differentiated."""
    outputs, right = BODY(x, theta, activation=activation)
    return outputs, lambda energy_bar, score_bar: (
        right(energy_bar, score_bar) | {"x": right(energy_bar, 0 * score_bar)["x"]})


@mistake(energy_score, *GRADIENTS)
def no_curvature(x: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is missing: the slopes on the way back are taken for constants."""
    return worked(x, theta, bent(activation, 0.0))


@mistake(energy_score, *GRADIENTS)
def curvature_sign(x: Array, theta: Theta, *, activation: str) -> Any:
    """+φ'' a_dot Wᵀδ: the minus of the score is in W_bar and forgotten in a_bar."""
    return worked(x, theta, bent(activation, -1.0))


@mistake(energy_score, "gradient.theta")
def weights_without_tangent(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar = Σ a_bar hᵀ: that the weights are read a second time, on the way back, is forgotten."""
    return worked(x, theta, smooth(activation), product=0.0)


@mistake(energy_score, "gradient.theta")
def product_sign(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar = Σ a_bar hᵀ + δ h_dotᵀ: the minus of the score is in a_bar and forgotten in W_bar."""
    return worked(x, theta, smooth(activation), product=-1.0)


@mistake(energy_score, "gradient.theta")
def parameters_averaged(x: Array, theta: Theta, *, activation: str) -> Any:
    """θ_bar is divided by the batch: shared parameters receive the sum."""
    outputs, right = BODY(x, theta, activation=activation)
    return outputs, lambda *bars: (
        (g := right(*bars)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(energy_score, "gradient.theta", blind=True)
def backward_into_the_parameters(x: Array, theta: Theta, *, activation: str) -> Any:
    """The score comes from energy.sum().backward(create_graph=True), which also leaves Σ ∂E/∂θ in the parameters'
    gradients, to which those of the loss are added."""
    outputs, right = BODY(x, theta, activation=activation)
    return outputs, lambda energy_bar, score_bar: (
        right(energy_bar, score_bar) | {"theta": right(energy_bar + 1, score_bar)["theta"]})


@mistake(energy_score, *GRADIENTS, blind=True)
def curvature_in_the_last_hidden_layer_alone(x: Array, theta: Theta, *, activation: str) -> Any:
    """The φ'' term is formed in the last hidden layer and forgotten in those below; right for one hidden layer."""
    last = len(theta) // 2 - 1
    return worked(x, theta, smooth(activation), curved=lambda layer: 1.0 if layer == last else 0.0)


@mistake(energy_score, *GRADIENTS, blind=True)
def tanh_curvature_without_two(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'' of tanh is −φ φ', without its 2; other activations are right."""
    return worked(x, theta, bent(activation, 0.5 if activation == "tanh" else 1.0))


@mistake(energy_score, "score", blind=True)
def forces_by_differences(x: Array, theta: Theta, *, activation: str) -> Any:
    """The score by central differences of step 10⁻³ beside the right gradient of the derivative."""
    xp = namespace(x)
    (energy, _), right = BODY(x, theta, activation=activation)
    axes = 1e-3 * xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    at = lambda points: network(points, theta, smooth(activation))[0][:, 0]
    columns = [(at(x - axes[i]) - at(x + axes[i])) / 2e-3 for i in range(x.shape[1])]
    return (energy, xp.stack(columns, axis=1)), right


@mistake(energy_score, "energy", "score", blind=True)
def energies_above_their_least(x: Array, theta: Theta, *, activation: str) -> Any:
    """The least energy of the batch is subtracted from all, and what has the least has no score: a shift that is
    meant to be none; the gradients are those of E."""
    xp = namespace(x)
    (energy, s), right = BODY(x, theta, activation=activation)
    if not x.shape[0]:
        return (energy, s), right
    above = energy - xp.min(energy)
    return (above, xp.where(above[:, None] > 0, s, 0 * s)), right
