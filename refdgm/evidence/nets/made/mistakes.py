"""Mistakes in masked perceptrons."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.network import at_output, network
from refdgm.namespace import Array, namespace
from refdgm.nets.activation import FIRST_ORDER
from refdgm.nets.made import allowed, made
from refdgm.nets.mlp import mlp

Theta = dict[str, Array]
Join = Callable[[Array, Array], Array]
UP: Join = lambda to, below: to[:, None] >= below[None, :]
STRICT: Join = lambda to, below: to[:, None] > below[None, :]


def widths(theta: Theta) -> list[int]:
    return [theta[f"b{n}"].shape[0] for n in range(1, len(theta) // 2 + 1)]


def degrees(x: Array, theta: Theta) -> list[Array]:
    """Of the inputs, of every hidden layer, of the outputs."""
    xp, many = namespace(x), x.shape[1]
    hidden = [min(1, many - 1) + xp.arange(width, device=x.device) % max(1, many - 1) for width in widths(theta)[:-1]]
    ends = xp.arange(1, many + 1, device=x.device)
    return [ends, *hidden, ends]


def joined(x: Array, of: list[Array], inner: Join = UP, last: Join = STRICT) -> list[Array]:
    """The masks of units with these degrees, as numbers."""
    xp, pairs = namespace(x), list(zip(of[1:], of[:-1], strict=True))
    found = [inner(*pair) for pair in pairs[:-1]] + [last(*pairs[-1])]
    return [xp.astype(mask, x.dtype) for mask in found]


def right(x: Array, theta: Theta) -> list[Array]:
    masks = allowed(namespace(x), x.shape[1], widths(theta), x.device)
    return [namespace(x).astype(mask, x.dtype) for mask in masks]


def cut(theta: Theta, masks: list[Array]) -> Theta:
    return {n: x * masks[int(n[1:]) - 1] if n[0] == "W" else x for n, x in theta.items()}


def through(x: Array, theta: Theta, activation: str, masks: list[Array]) -> Any:
    """As `made`, with the masks given."""
    y, back = mlp.body(x, cut(theta, masks), activation=activation)
    return y, lambda bar: (g := back(bar)) | {"theta": cut(g["theta"], masks)}


def learning(x: Array, theta: Theta, activation: str, change: Callable[[Theta, Theta], Theta]) -> Any:
    """As `made`, with θ_bar made of the right one and of that without masks."""
    y, back = made.body(x, theta, activation=activation)
    _, whole = mlp.body(x, cut(theta, right(x, theta)), activation=activation)
    return y, lambda bar: (g := back(bar)) | {"theta": change(g["theta"], whole(bar)["theta"])}


# Wrong equations, rightly differentiated


@mistake(made)
def an_output_sees_its_own_input(x: Array, theta: Theta, *, activation: str) -> Any:
    """≥ in the last layer too: y_d depends on x_d, and the triangle has a diagonal."""
    inner = [1 + namespace(x).arange(n, device=x.device) % x.shape[1] for n in widths(theta)[:-1]]
    ends = degrees(x, theta)[0]
    return through(x, theta, activation, joined(x, [ends, *inner, ends], last=UP))


@mistake(made)
def no_mask_before_the_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """The hidden layers are masked and the last one is not."""
    masks = right(x, theta)
    return through(x, theta, activation, [*masks[:-1], 0 * masks[-1] + 1])


@mistake(made)
def as_in_the_hidden_layers(x: Array, theta: Theta, *, activation: str) -> Any:
    """The right degrees with ≥ in every layer: the last input is not seen, and the diagonal is."""
    return through(x, theta, activation, joined(x, degrees(x, theta), last=UP))


@mistake(made)
def strict_in_every_layer(x: Array, theta: Theta, *, activation: str) -> Any:
    """> in the hidden layers too: paths are cut that are allowed, and the neighbour before is never seen."""
    return through(x, theta, activation, joined(x, degrees(x, theta), inner=STRICT))


@mistake(made)
def seen_from_behind(x: Array, theta: Theta, *, activation: str) -> Any:
    """The masks of the reversed order: y_d depends on what comes after it, and the triangle is the upper one."""
    ends, *inner, _ = degrees(x, theta)
    back = x.shape[1] + 1 - ends
    return through(x, theta, activation, joined(x, [back, *inner, back]))


@mistake(made)
def inputs_counted_from_zero(x: Array, theta: Theta, *, activation: str) -> Any:
    """m_d = d − 1 of the inputs, 1 and up of all others: every output sees its own input."""
    ends, *inner, _ = degrees(x, theta)
    return through(x, theta, activation, joined(x, [ends - 1, *inner, ends]))


@mistake(made)
def strict_in_the_first_layer(x: Array, theta: Theta, *, activation: str) -> Any:
    """> from the inputs: a hidden unit hears one input less than its degree says, and the nearest before an output is
    lost."""
    ends, *inner, _ = degrees(x, theta)
    above = inner[0] if inner else ends - 1
    masks = joined(x, [ends, *inner, ends])
    masks[0] = namespace(x).astype(STRICT(above, ends), x.dtype)
    return through(x, theta, activation, masks)


# The value is right, its gradient is not


@mistake(made, "gradient.theta")
def dead_weights_learn(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar without its mask: weights that play no part receive a gradient, and an optimiser counts and moves them."""
    return learning(x, theta, activation, lambda masked, whole: whole)


@mistake(made, "gradient.theta")
def last_layer_learns_unmasked(x: Array, theta: Theta, *, activation: str) -> Any:
    """The mask is put on W_bar of the hidden layers alone."""
    last = f"W{len(theta) // 2}"
    return learning(x, theta, activation, lambda masked, whole: masked | {last: whole[last]})


@mistake(made, "gradient.x")
def input_gradient_through_all_weights(x: Array, theta: Theta, *, activation: str) -> Any:
    """x_bar is led back through the first layer's weights as they are, through those that are masked too."""
    y, back = made.body(x, theta, activation=activation)
    return y, lambda bar: back(bar) | {"x": led_back(x, theta, activation, right(x, theta), bar)}


def led_back(x: Array, theta: Theta, activation: str, masks: list[Array], bar: Array) -> Array:
    """From the last layer to the first, whose mask is left out."""
    held, slopes, h = cut(theta, masks), [], x
    for n in range(1, len(theta) // 2):
        h, slope = FIRST_ORDER[activation](h @ held[f"W{n}"].T + held[f"b{n}"], 1)
        slopes.append(slope)
    for n in range(len(theta) // 2, 1, -1):
        bar = (bar @ held[f"W{n}"]) * slopes[n - 2]
    return bar @ theta["W1"]


@mistake(made, "gradient.x", "gradient.theta")
def slope_at_output(x: Array, theta: Theta, *, activation: str) -> Any:
    """φ'(h) for φ'(a)."""
    y, _ = made.body(x, theta, activation=activation)
    masks = right(x, theta)
    _, back = network(x, cut(theta, masks), at_output(activation))
    return y, lambda bar: (g := back(bar)) | {"theta": cut(g["theta"], masks)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(made, "value", "gradient.theta", blind=True, seen="karpathy/pytorch-normalizing-flows #8")
def biases_masked_away(x: Array, theta: Theta, *, activation: str) -> Any:
    """A unit all of whose weights are masked has its bias masked too: the first output is zero, and learns nothing."""
    xp = namespace(x)
    y, back = made.body(x, theta, activation=activation)
    open_ = xp.astype(xp.arange(x.shape[1], device=x.device) > 0, x.dtype)
    return y * open_, lambda bar: back(bar * open_)


@mistake(made, blind=True)
def later_layers_not_masked(x: Array, theta: Theta, *, activation: str) -> Any:
    """The mask is made for one hidden layer: those between the first and the last are dense."""
    masks = right(x, theta)
    return through(x, theta, activation, [masks[0], *(0 * mask + 1 for mask in masks[1:-1]), *masks[1:][-1:]])


@mistake(made, blind=True, seen="karpathy/pytorch-made #3")
def no_unit_of_a_low_degree(x: Array, theta: Theta, *, activation: str) -> Any:
    """Degrees that were drawn, and all of them D − 1: the last output sees what it may, all others are constants."""
    ends, *inner, _ = degrees(x, theta)
    most = [0 * each + min(1, x.shape[1] - 1) * (x.shape[1] - 1) for each in inner]
    return through(x, theta, activation, joined(x, [ends, *most, ends]))


@mistake(made, "gradient.theta", blind=True)
def gradient_masked_like_its_transpose(x: Array, theta: Theta, *, activation: str) -> Any:
    """W_bar times the mask the wrong way round, where it is square; right where no layer is."""
    masks = right(x, theta)
    turned = [mask.T if mask.shape[0] == mask.shape[1] else mask for mask in masks]
    return learning(x, theta, activation, lambda masked, whole: cut(whole, turned))


@mistake(made, "gradient.theta", blind=True)
def bias_gradients_of_the_first_output_cut(x: Array, theta: Theta, *, activation: str) -> Any:
    """The last bias is masked like a weight in the gradient: the first output's constant never learns."""
    last = f"b{len(theta) // 2}"

    def change(masked: Theta, whole: Theta) -> Theta:
        xp = namespace(x)
        return masked | {last: masked[last] * xp.astype(xp.arange(x.shape[1], device=x.device) > 0, x.dtype)}

    return learning(x, theta, activation, change)
