"""Mistakes in softplus and log-sigmoid."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.softplus import log_sigmoid, softplus


def sigmoid(x: Array) -> Array:
    return 1 / (1 + namespace(x).exp(-x))


# Softplus: wrong equations, rightly differentiated


@mistake(softplus)
def rectified(x: Array) -> Any:
    """max(x, 0): the kink that softplus rounds off."""
    xp = namespace(x)
    return xp.maximum(x, 0 * x), lambda bar: {"x": bar * xp.astype(x > 0, x.dtype)}


@mistake(softplus)
def of_minus_x(x: Array) -> Any:
    """log(1 + e^{−x}): the stable form's sign taken for that of the definition."""
    y, right = softplus.body(-x)
    return y, lambda bar: {"x": -right(bar)["x"]}


@mistake(softplus)
def binary_logarithm(x: Array) -> Any:
    """log₂(1 + eˣ)."""
    xp = namespace(x)
    log_two = xp.log(2 * xp.ones_like(x))
    y, right = softplus.body(x)
    return y / log_two, lambda bar: right(bar / log_two)


@mistake(softplus)
def absolute_value_lost(x: Array) -> Any:
    """max(x, 0) + log(1 + e^{−x}): −x for −|x|, right above zero."""
    xp = namespace(x)
    y, right = softplus.body(-x)
    return xp.maximum(x, 0 * x) + y, lambda bar: {"x": bar * xp.astype(x > 0, x.dtype) - right(bar)["x"]}


# Softplus: value or gradient alone


@mistake(softplus, "value")
def positive_part_lost(x: Array) -> Any:
    """log(1 + e^{−|x|}): the first term of the stable form is forgotten; right below zero, as is the gradient."""
    xp = namespace(x)
    return xp.log1p(xp.exp(-xp.abs(x))), softplus.body(x)[1]


@mistake(softplus, "gradient.x")
def slope_at_the_output(x: Array) -> Any:
    """x_bar = y_bar σ(y) for y_bar σ(x)."""
    y, _ = softplus.body(x)
    return y, lambda bar: {"x": bar * sigmoid(y)}


@mistake(softplus, "gradient.x")
def slope_reflected(x: Array) -> Any:
    """x_bar = y_bar σ(−x): the derivative of −log σ(x), without its sign."""
    y, _ = softplus.body(x)
    return y, lambda bar: {"x": bar * sigmoid(-x)}


@mistake(softplus, "gradient.x")
def second_derivative(x: Array) -> Any:
    """x_bar = y_bar σ(x) σ(−x): differentiated twice."""
    y, _ = softplus.body(x)
    return y, lambda bar: {"x": bar * sigmoid(x) * sigmoid(-x)}


@mistake(softplus, "gradient.x")
def step_for_slope(x: Array) -> Any:
    """x_bar = y_bar where x > 0, else 0: the derivative of max(x, 0) alone."""
    y, _ = softplus.body(x)
    return y, lambda bar: {"x": bar * namespace(x).astype(x > 0, x.dtype)}


# Log-sigmoid: wrong equations, rightly differentiated


@mistake(log_sigmoid)
def other_choice(x: Array) -> Any:
    """log σ(−x) = log(1 − σ(x)): the label is exchanged."""
    y, right = log_sigmoid.body(-x)
    return y, lambda bar: {"x": -right(bar)["x"]}


@mistake(log_sigmoid)
def logarithm_forgotten(x: Array) -> Any:
    """σ(x), not its logarithm."""
    p = sigmoid(x)
    return p, lambda bar: {"x": bar * p * (1 - p)}


@mistake(log_sigmoid)
def sigmoid_of_sigmoid(x: Array) -> Any:
    """log σ(σ(x)): a loss that takes logits is given probabilities."""
    p = sigmoid(x)
    y, right = log_sigmoid.body(p)
    return y, lambda bar: {"x": right(bar)["x"] * p * (1 - p)}


@mistake(log_sigmoid)
def hyperbolic(x: Array) -> Any:
    """log((1 + tanh x)/2) = log σ(2x): tanh x for tanh(x/2)."""
    y, right = log_sigmoid.body(2 * x)
    return y, lambda bar: {"x": 2 * right(bar)["x"]}


# Log-sigmoid: value or gradient alone


@mistake(log_sigmoid, "value")
def negative_part_lost(x: Array) -> Any:
    """−log(1 + e^{−|x|}): min(x, 0) is forgotten; right above zero, as is the gradient."""
    xp = namespace(x)
    return -xp.log1p(xp.exp(-xp.abs(x))), log_sigmoid.body(x)[1]


@mistake(log_sigmoid, "gradient.x")
def slope_of_the_complement(x: Array) -> Any:
    """x_bar = y_bar σ(x) for y_bar σ(−x): largest where nothing is left to learn."""
    y, _ = log_sigmoid.body(x)
    return y, lambda bar: {"x": bar * sigmoid(x)}


@mistake(log_sigmoid, "gradient.x")
def slope_of_the_sigmoid(x: Array) -> Any:
    """x_bar = y_bar σ (1 − σ): not divided by σ, as the logarithm asks."""
    y, _ = log_sigmoid.body(x)
    return y, lambda bar: {"x": bar * sigmoid(x) * sigmoid(-x)}


@mistake(log_sigmoid, "gradient.x")
def slope_with_the_other_sign(x: Array) -> Any:
    """x_bar = −y_bar σ(−x), that of the loss."""
    y, right = log_sigmoid.body(x)
    return y, lambda bar: right(-bar)


# --- planted by people who had not seen the cases, or after public code ---------------------------

# Softplus


@mistake(softplus, seen="odie2630463/Restricted-Boltzmann-Machines-in-pytorch #1", blind=True)
def clamped_against_overflow(x: Array) -> Any:
    """log(1 + e^{min(x, 88)}): what was to overflow is cut off, so that the function is constant above 88."""
    xp = namespace(x)
    y, right = softplus.body(xp.minimum(x, 88))
    return y, lambda bar: {"x": right(bar)["x"] * xp.astype(x <= 88, x.dtype)}


@mistake(softplus, "gradient.x", blind=True)
def slope_of_the_absolute_value(x: Array) -> Any:
    """x_bar = y_bar t / (1 + t) with t = e^{−|x|}, which is σ(−|x|): right below zero."""
    xp = namespace(x)
    y, _ = softplus.body(x)
    t = xp.exp(-xp.abs(x))
    return y, lambda bar: {"x": bar * t / (1 + t)}


# Log-sigmoid


@mistake(log_sigmoid, blind=True)
def epsilon_under_the_logarithm(x: Array) -> Any:
    """log(σ(x) + 10⁻⁸), which never falls below −18.4."""
    xp = namespace(x)
    p, rest = xp.exp(log_sigmoid.body(x)[0]), xp.exp(log_sigmoid.body(-x)[0])
    return xp.log(p + 1e-8), lambda bar: {"x": bar * (p / (p + 1e-8)) * rest}


@mistake(log_sigmoid, "gradient.x", blind=True)
def output_taken_for_the_probability(x: Array) -> Any:
    """x_bar = y_bar (1 − y), where the saved output y is log σ(x) and not σ(x)."""
    y, _ = log_sigmoid.body(x)
    return y, lambda bar: {"x": bar * (1 - y)}


@mistake(log_sigmoid, blind=True)
def symmetric_part_with_the_sign_of_x(x: Array) -> Any:
    """min(x, 0) − log(1 + e^{−x}): −x for −|x|, right above zero."""
    xp = namespace(x)
    y, right = log_sigmoid.body(x)
    return xp.minimum(x, 0) + y, lambda bar: {"x": bar * xp.astype(x < 0, x.dtype) + right(bar)["x"]}
