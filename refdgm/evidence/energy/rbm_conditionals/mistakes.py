"""Mistakes in the conditionals of a restricted machine."""

from typing import Any

from refdgm.energy.rbm_conditionals import rbm_conditionals
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import softmax

BODY = rbm_conditionals.body
UP = ("hidden", "gradient.v", "gradient.W", "gradient.c")
DOWN = ("visible", "gradient.h", "gradient.W", "gradient.b")


def sides(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """p and q, and pullbacks of each alone: (v_bar, W_bar, c_bar), (h_bar, W_bar, b_bar)."""
    value, right = BODY(v, h, W, b, c)
    none = [0 * x for x in value]
    return value, (lambda bar: right(bar, none[1])), (lambda bar: right(none[0], bar))


def of_slopes(v: Array, h: Array, W: Array, up: Array, down: Array) -> dict[str, Array]:
    xp = namespace(v)
    return {"v": up @ W, "h": down @ W.T, "W": up.T @ v + h.T @ down, "b": xp.sum(down, axis=0),
            "c": xp.sum(up, axis=0)}


# Wrong equations, rightly differentiated


@mistake(rbm_conditionals)
def square_weights_transposed(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """W and Wᵀ exchanged; only weights that are not square complain."""
    value, right = BODY(v, h, turned(W), b, c)
    return value, lambda *bars: (g := right(*bars)) | {"W": turned(g["W"])}


@mistake(rbm_conditionals)
def biases_exchanged(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """The hidden units' biases for the visible ones, and theirs for the hidden ones, where there are as many."""
    if b.shape != c.shape:
        return BODY(v, h, W, b, c)
    value, right = BODY(v, h, W, c, b)
    return value, lambda *bars: (g := right(*bars)) | {"b": g["c"], "c": g["b"]}


@mistake(rbm_conditionals, *UP)
def hidden_spins(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """σ(2a), of units of ±1."""
    (_, visible), right = BODY(v, h, W, b, c)
    (hidden, _), twice = BODY(v, h, 2 * W, b, 2 * c)

    def pullback(up: Array, down: Array) -> dict[str, Array]:
        g, other = right(0 * up, down), twice(up, 0 * down)
        return {"v": other["v"], "h": g["h"], "W": g["W"] + 2 * other["W"], "b": g["b"], "c": 2 * other["c"]}

    return (hidden, visible), pullback


@mistake(rbm_conditionals, *DOWN)
def visible_biases_forgotten(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """e = Wᵀh; right while the biases are still zero."""
    value, right = BODY(v, h, W, 0 * b, c)
    return value, lambda *bars: (g := right(*bars)) | {"b": 0 * g["b"]}


@mistake(rbm_conditionals, *UP)
def hidden_biases_subtracted(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """a = W v − c: a bias is taken for a threshold."""
    value, right = BODY(v, h, W, b, -c)
    return value, lambda *bars: (g := right(*bars)) | {"c": -g["c"]}


# The values are right, a gradient is not


@mistake(rbm_conditionals, "gradient.W")
def weights_of_one_side(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar = Σ a_bar vᵀ: the way down has the same weights, and their share is forgotten."""
    value, up, _ = sides(v, h, W, b, c)
    right = BODY(v, h, W, b, c)[1]
    return value, lambda *bars: right(*bars) | {"W": up(bars[0])["W"]}


@mistake(rbm_conditionals, "gradient.W")
def square_share_of_the_way_down_transposed(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar = Σ a_bar vᵀ + Σ e_bar hᵀ; only weights that are not square complain."""
    value, up, down = sides(v, h, W, b, c)
    right = BODY(v, h, W, b, c)[1]
    return value, lambda *bars: right(*bars) | {"W": up(bars[0])["W"] + turned(down(bars[1])["W"])}


@mistake(rbm_conditionals, "gradient.v", "gradient.W", "gradient.c")
def slope_of_tanh(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """a_bar = p_bar (1 − p²)."""
    value, _ = BODY(v, h, W, b, c)
    p, q = value
    return value, lambda up, down: of_slopes(v, h, W, up * (1 - p * p), down * q * (1 - q))


@mistake(rbm_conditionals, "gradient.h", "gradient.W", "gradient.b")
def slope_forgotten_on_the_way_down(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """e_bar = q_bar: the logistic function is taken for the identity."""
    value, _ = BODY(v, h, W, b, c)
    p, _ = value
    return value, lambda up, down: of_slopes(v, h, W, up * p * (1 - p), down)


@mistake(rbm_conditionals, "gradient.v")
def gradient_of_v_with_square_weights_transposed(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """W a_bar for Wᵀa_bar; only weights that are not square complain."""
    value, right = BODY(v, h, W, b, c)
    p = value[0]
    return value, lambda up, down: right(up, down) | {"v": (up * p * (1 - p)) @ turned(W)}


@mistake(rbm_conditionals, "gradient.h")
def gradient_of_h_at_the_hidden_means(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """h_bar with the slopes at h = p."""
    value, right = BODY(v, h, W, b, c)
    other = BODY(v, value[0], W, b, c)[1]
    return value, lambda *bars: right(*bars) | {"h": other(*bars)["h"]}


@mistake(rbm_conditionals, "gradient.b")
def visible_biases_averaged(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar is a mean over the batch, all else a sum; right for one example."""
    value, right = BODY(v, h, W, b, c)
    return value, lambda *bars: (g := right(*bars)) | {"b": g["b"] / max(v.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rbm_conditionals, "hidden", seen="sphinxteam/Boltzmann.jl #15", blind=True)
def states_for_probabilities(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """Hidden units that are on or off, in the place of their probabilities, with the gradients of these."""
    xp = namespace(v)
    (hidden, visible), right = BODY(v, h, W, b, c)
    return (xp.astype(hidden > 0.5, v.dtype), visible), right


@mistake(rbm_conditionals, "visible", "gradient.v", "gradient.h", "gradient.W", "gradient.b", "gradient.c",
         seen="rushter/MLAlgorithms #29", blind=True)
def reconstruction(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """The visible units given the hidden means, and not given h: a pass there and back."""
    hidden, first = BODY(v, h, W, b, c)
    (_, visible), second = BODY(v, hidden[0], W, b, c)

    def pullback(up: Array, down: Array) -> dict[str, Array]:
        back = second(0 * up, down)
        g = first(up + back["h"], 0 * down)
        return {"v": g["v"], "h": 0 * g["h"], "W": g["W"] + back["W"], "b": back["b"], "c": g["c"]}

    return (hidden[0], visible), pullback


@mistake(rbm_conditionals, *UP, blind=True)
def hidden_units_exclude_each_other(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """softmax(a): one of them is on, exactly."""
    (_, visible), right = BODY(v, h, W, b, c)
    hidden, of_hidden = softmax.body(v @ W.T + c)

    def pullback(up: Array, down: Array) -> dict[str, Array]:
        g, a_bar = right(0 * up, down), of_hidden(up)["logits"]
        return g | {"v": a_bar @ W, "W": g["W"] + a_bar.T @ v, "c": namespace(v).sum(a_bar, axis=0)}

    return (hidden, visible), pullback


@mistake(rbm_conditionals, "gradient.c", blind=True)
def hidden_biases_without_slope(v: Array, h: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar = Σ p_bar p: half of the slope."""
    value, right = BODY(v, h, W, b, c)
    return value, lambda *bars: right(*bars) | {"c": namespace(v).sum(bars[0] * value[0], axis=0)}
