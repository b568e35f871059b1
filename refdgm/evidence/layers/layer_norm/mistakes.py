"""Mistakes in normalised vectors. ϵ outside the root, and a deviation of D − 1 with it, are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.layer_norm import layer_norm, rms_norm
from refdgm.namespace import Array, namespace
from refdgm.numerics.quotient import or_one

BODY, RMS = layer_norm.body, rms_norm.body
Back = Callable[[Array], Any]


def mean(x: Array) -> Array:
    return namespace(x).mean(x, axis=-1, keepdims=True)


def over_all(x: Array) -> Array:
    return namespace(x).sum(x, axis=(0, 1))


def centred(x: Array) -> Array:
    return x - mean(x)


def parts(x: Array, eps: Array, off: bool) -> tuple[Array, Array]:
    """n and r."""
    c = centred(x) if off else x
    r = namespace(x).sqrt(mean(c * c) + eps)
    return c / r, r


def by_power(x: Array, weight: Array, eps: Array, power: float, many: float, off: bool) -> tuple[Array, Back]:
    """w c (Σ c²/many + ϵ)^power, rightly differentiated."""
    xp = namespace(x)
    c = centred(x) if off else x
    square = xp.sum(c * c, axis=-1, keepdims=True) / many + eps
    scale = square**power

    def pullback(bar: Array) -> dict[str, Array]:
        h = bar * weight
        inner = xp.sum(h * c, axis=-1, keepdims=True)
        x_bar = h * scale + c * (2 * power * inner / many * scale / square)
        return {"x": centred(x_bar) if off else x_bar, "weight": over_all(bar * c * scale)}

    return weight * c * scale, pullback


def with_bias(found: tuple[Array, Back], bias: Array) -> Any:
    value, back = found
    return value + bias, lambda bar: back(bar) | {"bias": over_all(bar)}


def inputs_replaced(found: Any, x_bar: Back) -> Any:
    """The gradient of x alone is another."""
    value, right = found
    return value, lambda bar: right(bar) | {"x": x_bar(bar)}


def weights_replaced(found: Any, weight_bar: Back) -> Any:
    value, right = found
    return value, lambda bar: right(bar) | {"weight": weight_bar(bar)}


# Vectors over the root of their mean square: wrong equations, rightly differentiated


@mistake(rms_norm)
def length_for_the_root_of_the_mean(x: Array, weight: Array, eps: Array) -> Any:
    """√(Σ x² + ϵ): the vectors have length one, not components of the order of one; right for D = 1."""
    return by_power(x, weight, eps, -0.5, 1.0, False)


@mistake(rms_norm)
def root_forgotten(x: Array, weight: Array, eps: Array) -> Any:
    """x over mean(x²) + ϵ."""
    return by_power(x, weight, eps, -1.0, x.shape[2], False)


@mistake(rms_norm)
def mean_taken_off(x: Array, weight: Array, eps: Array) -> Any:
    """The variance for the mean square, and the mean off the vectors: layer normalisation without a bias."""
    return by_power(x, weight, eps, -0.5, x.shape[2], True)


@mistake(rms_norm, "value")
def reported_before_the_weight(x: Array, weight: Array, eps: Array) -> Any:
    """n is handed on, and w learns all the same."""
    return RMS(x, 1 + 0 * weight, eps)[0], RMS(x, weight, eps)[1]


# The value is right, a gradient is not


@mistake(rms_norm, "gradient.x")
def root_held(x: Array, weight: Array, eps: Array) -> Any:
    """x_bar = h/r: r is taken for a constant."""
    return inputs_replaced(RMS(x, weight, eps), lambda bar: bar * weight / parts(x, eps, False)[1])


@mistake(rms_norm, "gradient.x")
def divided_by_the_size_twice(x: Array, weight: Array, eps: Array) -> Any:
    """n mean(h ∘ n)/D in place of n mean(h ∘ n); right for D = 1."""
    n, r = parts(x, eps, False)
    return inputs_replaced(RMS(x, weight, eps),
                           lambda bar: (bar * weight - n * mean(bar * weight * n) / x.shape[2]) / r)


@mistake(rms_norm, "gradient.x")
def sum_for_the_mean(x: Array, weight: Array, eps: Array) -> Any:
    """n ⟨h, n⟩, without 1/D; right for D = 1."""
    n, r = parts(x, eps, False)
    return inputs_replaced(RMS(x, weight, eps),
                           lambda bar: (bar * weight - n * mean(bar * weight * n) * x.shape[2]) / r)


@mistake(rms_norm, "gradient.x")
def eps_forgotten_in_the_gradient(x: Array, weight: Array, eps: Array) -> Any:
    """All of h along x is taken off, as if mean(n²) were one."""
    xp = namespace(x)
    n, r = parts(x, eps, False)
    unit = n / xp.sqrt(or_one(mean(n * n)))
    return inputs_replaced(RMS(x, weight, eps), lambda bar: (bar * weight - unit * mean(bar * weight * unit)) / r)


@mistake(rms_norm, "gradient.weight")
def mean_over_positions(x: Array, weight: Array, eps: Array) -> Any:
    """w_bar is a mean over examples and positions."""
    n, _ = parts(x, eps, False)
    return weights_replaced(RMS(x, weight, eps), lambda bar: namespace(x).mean(bar * n, axis=(0, 1)))


@mistake(rms_norm, "gradient.weight")
def weight_meets_the_inputs(x: Array, weight: Array, eps: Array) -> Any:
    """w_bar = Σ y_bar ∘ x: of what came in, not of n."""
    return weights_replaced(RMS(x, weight, eps), lambda bar: over_all(bar * x))


@mistake(rms_norm, "gradient.x")
def projection_of_what_is_weighed(x: Array, weight: Array, eps: Array) -> Any:
    """y in place of n in front of the mean: h − y mean(h ∘ n)."""
    n, r = parts(x, eps, False)
    return inputs_replaced(RMS(x, weight, eps), lambda bar: (bar * weight - weight * n * mean(bar * weight * n)) / r)


# Vectors less their mean, over their deviation


@mistake(layer_norm, "value", "gradient.x", "gradient.weight")
def mean_left_in(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """The root of the mean square of what still has its mean: rms_norm with a bias."""
    return with_bias(by_power(x, weight, eps, -0.5, x.shape[2], False), bias)


@mistake(layer_norm, "value", "gradient.x", "gradient.weight")
def variance_for_the_deviation(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """c over mean(c²) + ϵ: the root is forgotten."""
    return with_bias(by_power(x, weight, eps, -1.0, x.shape[2], True), bias)


@mistake(layer_norm, "value", "gradient.x", "gradient.weight", seen="LBANN/lbann #2024; facebookresearch/stopes #25")
def variance_of_a_sample(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """Σ c²/(D − 1): what a library's `var` gives unless it is told."""
    return with_bias(by_power(x, weight, eps, -0.5, max(x.shape[2] - 1, 1), True), bias)


@mistake(layer_norm, "value")
def bias_not_added(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """y = w ∘ n, and b learns all the same."""
    return BODY(x, weight, 0 * bias, eps)[0], BODY(x, weight, bias, eps)[1]


@mistake(layer_norm, "gradient.x")
def mean_held(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """x_bar without −mean(h): the mean is taken for a constant."""
    n, r = parts(x, eps, True)
    return inputs_replaced(BODY(x, weight, bias, eps), lambda bar: (bar * weight - n * mean(bar * weight * n)) / r)


@mistake(layer_norm, "gradient.x")
def deviation_held(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """x_bar = (h − mean(h))/r: the deviation is taken for a constant."""
    return inputs_replaced(BODY(x, weight, bias, eps), lambda bar: centred(bar * weight) / parts(x, eps, True)[1])


@mistake(layer_norm, "gradient.x")
def weight_behind_the_projection(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """The projection of y_bar, weighed afterwards: right where all weights are equal."""
    n, r = parts(x, eps, True)
    return inputs_replaced(BODY(x, weight, bias, eps), lambda bar: weight * (centred(bar) - n * mean(bar * n)) / r)


@mistake(layer_norm, "gradient.x", name="divided_by_the_size_twice")
def size_twice(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """n mean(h ∘ n)/D in place of n mean(h ∘ n)."""
    n, r = parts(x, eps, True)
    return inputs_replaced(BODY(x, weight, bias, eps),
                           lambda bar: (centred(bar * weight) - n * mean(bar * weight * n) / x.shape[2]) / r)


@mistake(layer_norm, "gradient.weight", name="weight_meets_the_inputs")
def before_normalising(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar = Σ y_bar ∘ c: of c, not of n."""
    return weights_replaced(BODY(x, weight, bias, eps), lambda bar: over_all(bar * centred(x)))


@mistake(layer_norm, "gradient.weight", "gradient.bias")
def of_the_last_example(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """w_bar and b_bar of the last example: the others were overwritten, not added to; right for B = 1."""
    value, right = BODY(x, weight, bias, eps)
    n, _ = parts(x, eps, True)
    last = lambda x: namespace(x).sum(x[-1:, ...], axis=(0, 1))
    return value, lambda bar: right(bar) | {"weight": last(bar * n), "bias": last(bar)}


@mistake(layer_norm, "gradient.bias")
def bias_weighed(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """b_bar = Σ h."""
    value, right = BODY(x, weight, bias, eps)
    return value, lambda bar: right(bar) | {"bias": over_all(bar * weight)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rms_norm, "gradient.x", seen="karpathy/llm.c #763", blind=True)
def weight_left_out_of_the_gradient(x: Array, weight: Array, eps: Array) -> Any:
    """x_bar of y_bar in place of w ∘ y_bar."""
    return inputs_replaced(RMS(x, weight, eps), lambda bar: RMS(x, 1 + 0 * weight, eps)[1](bar)["x"])


@mistake(rms_norm, "gradient.weight", seen="unslothai/unsloth #4550; unslothai/unsloth #832", blind=True)
def weight_without_a_gradient(x: Array, weight: Array, eps: Array) -> Any:
    """w_bar = 0, or none: nothing is computed for the weight."""
    return weights_replaced(RMS(x, weight, eps), lambda bar: 0 * weight)


@mistake(rms_norm, seen="VeriSilicon/TIM-VX #589", blind=True)
def eps_is_zero(x: Array, weight: Array, eps: Array) -> Any:
    """ϵ never arrives: a vector of zeros is 0/0."""
    return by_power(x, weight, 0 * eps, -0.5, x.shape[2], False)


@mistake(layer_norm, "gradient.x", seen="tenstorrent/tt-metal #53204", blind=True)
def mean_taken_off_twice(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """h − 2 mean(h) − n mean(h ∘ n): a register still holds the mean."""
    n, r = parts(x, eps, True)
    x_bar = lambda bar: (bar * weight - 2 * mean(bar * weight) - n * mean(bar * weight * n)) / r
    return inputs_replaced(BODY(x, weight, bias, eps), x_bar)


@mistake(layer_norm, "value", "gradient.x", "gradient.weight", blind=True,
         seen="131250208/TPlinker-joint-extraction #37")
def squared_for_the_root(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """c over (mean(c²) + ϵ)²."""
    return with_bias(by_power(x, weight, eps, -2.0, x.shape[2], True), bias)


@mistake(layer_norm, "value", "gradient.x", "gradient.weight", seen="VeriSilicon/TIM-VX #589", blind=True,
         name="eps_is_zero")
def without_eps(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """ϵ never arrives: equal components are 0/0."""
    return with_bias(by_power(x, weight, 0 * eps, -0.5, x.shape[2], True), bias)


@mistake(layer_norm, "gradient.x", seen="ooples/AiDotNet.Tensors #27", blind=True)
def means_of_what_is_not_weighed(x: Array, weight: Array, bias: Array, eps: Array) -> Any:
    """h − mean(y_bar) − n mean(y_bar ∘ n): the weight is in the first term alone."""
    n, r = parts(x, eps, True)
    return inputs_replaced(BODY(x, weight, bias, eps), lambda bar: (bar * weight - mean(bar) - n * mean(bar * n)) / r)
