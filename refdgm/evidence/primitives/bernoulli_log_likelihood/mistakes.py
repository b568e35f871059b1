"""Mistakes in the log-likelihood of binary choices. A loss, or a mean over components, is a convention and none."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.softplus import log_sigmoid, softplus

BODY = bernoulli_log_likelihood.body


def summed(each: Array) -> Array:
    return namespace(each).sum(namespace(each).reshape(each, (each.shape[0], dimension(each))), axis=-1)


def sigmoid(a: Array) -> Array:
    return namespace(a).exp(log_sigmoid.body(a)[0])


# Wrong equations, rightly differentiated


@mistake(bernoulli_log_likelihood)
def complement_forgotten(logits: Array, x: Array) -> Any:
    """Σ x log σ(l): where x is 0 nothing is asked of p."""
    y, back = log_sigmoid.body(logits)
    return summed(x * y), lambda bar: {"logits": back(against(bar, x) * x)["x"], "x": against(bar, x) * y}


@mistake(bernoulli_log_likelihood)
def labels_exchanged(logits: Array, x: Array) -> Any:
    """Σ (1 − x) log σ(l) + x log σ(−l): the picture is inverted."""
    value, right = BODY(logits, 1 - x)
    return value, lambda bar: (g := right(bar)) | {"x": -g["x"]}


@mistake(bernoulli_log_likelihood)
def mean_square_of_the_probability(logits: Array, x: Array) -> Any:
    """−½ Σ (x − σ(l))²: a Gaussian decoder of the probability."""
    p, rest = sigmoid(logits), sigmoid(-logits)
    apart = x - p
    return -summed(apart * apart) / 2, lambda bar: {"logits": against(bar, x) * apart * p * rest,
                                                    "x": -against(bar, x) * apart}


@mistake(bernoulli_log_likelihood)
def hyperbolic(logits: Array, x: Array) -> Any:
    """p = (1 + tanh l)/2 = σ(2l): a decoder of data in [−1, 1]."""
    value, right = BODY(2 * logits, x)
    return value, lambda bar: {"logits": 2 * (g := right(bar))["logits"], "x": g["x"]}


# Value or gradient alone


@mistake(bernoulli_log_likelihood, "value")
def mean_in_the_value(logits: Array, x: Array) -> Any:
    """The mean over components is reported, the sum is trained with."""
    value, right = BODY(logits, x)
    return value / max(dimension(x), 1), right


@mistake(bernoulli_log_likelihood, "gradient.logits")
def gradient_of_the_loss(logits: Array, x: Array) -> Any:
    """l_bar = J_bar (σ(l) − x): the sign of the cross-entropy."""
    value, right = BODY(logits, x)
    return value, lambda bar: (g := right(bar)) | {"logits": -g["logits"]}


@mistake(bernoulli_log_likelihood, "gradient.logits")
def slope_of_the_sigmoid_once_more(logits: Array, x: Array) -> Any:
    """l_bar = J_bar (x − p) p (1 − p): the division by p (1 − p) is forgotten, which is largest where the decoder errs
    most."""
    value, right = BODY(logits, x)
    return value, lambda bar: (g := right(bar)) | {"logits": g["logits"] * sigmoid(logits) * sigmoid(-logits)}


@mistake(bernoulli_log_likelihood, "gradient.x")
def data_detached(logits: Array, x: Array) -> Any:
    """x_bar = 0: the data of an attack, or of a decoder before this one, are taken for labels."""
    value, right = BODY(logits, x)
    return value, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(bernoulli_log_likelihood, "gradient.x")
def data_gradient_of_one_term(logits: Array, x: Array) -> Any:
    """x_bar = J_bar log σ(l): the second place of x is forgotten."""
    value, right = BODY(logits, x)
    return value, lambda bar: right(bar) | {"x": against(bar, x) * log_sigmoid.body(logits)[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(bernoulli_log_likelihood, seen="nv-tlabs/GSCNN #62", blind=True)
def sigmoid_twice(logits: Array, x: Array) -> Any:
    """log p of σ(σ(l)): a decoder that ends in a sigmoid, before a loss of logits. No p is below ½ or above 0.74."""
    p = sigmoid(logits)
    value, right = BODY(p, x)
    return value, lambda bar: (g := right(bar)) | {"logits": g["logits"] * p * sigmoid(-logits)}


@mistake(bernoulli_log_likelihood, seen="autonomousvision/sledge #4", blind=True)
def arguments_exchanged(logits: Array, x: Array) -> Any:
    """The data are taken for logits, and the logits for data."""
    value, right = BODY(x, logits)
    return value, lambda bar: {"logits": (g := right(bar))["x"], "x": g["logits"]}


@mistake(bernoulli_log_likelihood, "gradient.logits", "gradient.x", seen="pytorch/examples #234", blind=True)
def gradient_of_the_mean(logits: Array, x: Array) -> Any:
    """The sum is reported, the mean over components is differentiated; right for one component."""
    value, right = BODY(logits, x)
    return value, lambda bar: right(bar / max(dimension(x), 1))


@mistake(bernoulli_log_likelihood, blind=True)
def epsilon_under_the_logarithm(logits: Array, x: Array) -> Any:
    """Σ x log(p + 10⁻⁸) + (1 − x) log(1 − p + 10⁻⁸): no component costs more than 18.4, and beyond that none learns."""
    xp = namespace(logits)
    p, rest = sigmoid(logits), sigmoid(-logits)
    up, down = p + 1e-8, rest + 1e-8
    return summed(x * xp.log(up) + (1 - x) * xp.log(down)), lambda bar: {
        "logits": against(bar, x) * p * rest * (x / up - (1 - x) / down),
        "x": against(bar, x) * (xp.log(up) - xp.log(down))}


@mistake(bernoulli_log_likelihood, blind=True)
def data_rounded(logits: Array, x: Array) -> Any:
    """x > ½ for x: grey is made black or white inside the loss."""
    value, right = BODY(logits, namespace(x).astype(x > 0.5, x.dtype))
    return value, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(bernoulli_log_likelihood, "value", blind=True)
def clamped_at_minus_hundred(logits: Array, x: Array) -> Any:
    """Each logarithm at least −100, as a loss of probabilities has it: an impossible pixel costs 100 nats."""
    xp = namespace(logits)
    yes, no = -softplus.body(-logits)[0], -softplus.body(logits)[0]
    return summed(x * xp.maximum(yes, -100) + (1 - x) * xp.maximum(no, -100)), BODY(logits, x)[1]
