"""Perceptrons and their tangents: every activation, every depth from none to three hidden layers."""

import numpy as np

from refdgm.evidence.activations import with_kinds
from refdgm.evidence.ask import Arrays, Ask
from refdgm.evidence.rare import changed, times

NOTES = {
    "no_hidden_layer": "no activation at all: an affine map",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "deep": "three hidden layers: an error of one layer meets the others (some sizes repeat)",
    "one_output": "a scalar network",
    "kinks": "ReLU: some neurons are off for some examples; none is at its kink",
    "one_direction": "one direction: a sum over directions is void",
    "axes": "the directions are the coordinate axes: the tangent is the whole Jacobian",
}
RELU = {"activation": "relu"}
SIZES = {"B": 5, "D": 3, "E": 2, "hidden": (7,)}
SQUARE = {"B": 5, "D": 3, "E": 3, "hidden": (3, 3)}


def axes(arrays: Arrays) -> Arrays:
    b, r, d = arrays["input.x_dot"].shape
    return {"input.x_dot": np.broadcast_to(np.eye(r, d), (b, r, d)).copy()}


PLAIN = [
    *with_kinds("one hidden layer", sizes=SIZES),
    *with_kinds("two hidden layers", sizes=SIZES | {"hidden": (7, 11)}),
    *with_kinds("all layers of one width", ("square",), sizes=SQUARE),
    *with_kinds("inputs of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_kinds("inputs of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    *with_kinds("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("inputs around 30", ("primes", "offset"), "offset", SIZES, {"activation": "silu"}),
    Ask("three hidden layers", ("deep",), sizes=SIZES | {"hidden": (5, 7, 2)}, options={"activation": "tanh"}),
    Ask("no hidden layer", ("primes", "no_hidden_layer"), sizes=SIZES | {"hidden": ()}, options={"activation": "tanh"}),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, options={"activation": "softplus"}),
    Ask("one input", ("single_axis",), sizes=SIZES | {"D": 1}, options={"activation": "silu"}),
    Ask("one output", ("one_output",), sizes=SIZES | {"E": 1}, options={"activation": "tanh"}),
    Ask("one hidden layer, relu", ("primes", "kinks"), sizes=SIZES, options=RELU),
    Ask("one hidden layer, relu, other numbers", ("primes", "kinks"), sizes=SIZES | {"hidden": (13,)}, options=RELU),
    Ask("two hidden layers, relu", ("primes", "kinks"), sizes=SIZES | {"hidden": (7, 11)}, options=RELU),
    Ask("three hidden layers, relu", ("deep", "kinks"), sizes=SIZES | {"hidden": (5, 7, 2)}, options=RELU),
    Ask("all layers of one width, relu", ("square", "kinks"), sizes=SQUARE, options=RELU),
    Ask("inputs of the order of 15, relu", ("primes", "extreme", "kinks"), "extreme", SIZES, RELU),
    Ask("inputs of the order of 1e-5, relu", ("primes", "tiny", "kinks"), "tiny", SIZES, RELU),
    Ask("magnitudes from 1e-3 to 20, relu", ("primes", "mixed", "kinks"), "mixed", SIZES, RELU),
    Ask("one example, relu", ("single_example", "kinks"), sizes=SIZES | {"B": 1}, options=RELU),
]
TANGENT_SIZES = {"B": 2, "R": 3, "D": 5, "E": 7, "hidden": (11,)}
SMALL = {"B": 3, "R": 2, "D": 2, "E": 2}
TANGENT_SQUARE = {"B": 3, "R": 3, "D": 3, "E": 3, "hidden": (3, 3)}
TANGENT = [
    *with_kinds("one hidden layer", sizes=TANGENT_SIZES),
    *with_kinds("two hidden layers", ("two_layers",), sizes=SMALL | {"hidden": (5, 7)}),
    *with_kinds("all sizes equal", ("square",), sizes=TANGENT_SQUARE),
    *with_kinds("inputs of the order of 15", ("primes", "extreme"), "extreme", TANGENT_SIZES),
    *with_kinds("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", TANGENT_SIZES),
    Ask("inputs of the order of 1e-5", ("primes", "tiny"), "tiny", TANGENT_SIZES, {"activation": "silu"}),
    Ask("inputs around 30", ("primes", "offset"), "offset", TANGENT_SIZES, {"activation": "softplus"}),
    Ask("three hidden layers", ("deep",), sizes=SMALL | {"hidden": (5, 2, 3)},
        options={"activation": "tanh"}),
    Ask("no hidden layer", ("primes", "no_hidden_layer"), sizes=TANGENT_SIZES | {"hidden": ()},
        options={"activation": "tanh"}),
    Ask("one direction", ("one_direction",), sizes=TANGENT_SIZES | {"R": 1}, options={"activation": "silu"}),
    Ask("the axes as directions", ("axes",), sizes=SMALL | {"D": 3, "R": 3, "hidden": (7,)},
        options={"activation": "tanh"}, change=axes),
    Ask("one example", ("single_example",), sizes=TANGENT_SIZES | {"B": 1}, options={"activation": "tanh"}),
    Ask("one input", ("single_axis",), sizes=TANGENT_SIZES | {"D": 1}, options={"activation": "softplus"}),
]

CASES = {"mlp": PLAIN, "mlp_tangent": TANGENT}
RARE = {"mlp": (lambda case: changed(case, x=times(0), **{f"theta.b{layer}": times(0) for layer in (1, 2)}),)}
RARE_OPTIONS = {"mlp": {"activation": "relu"}}
