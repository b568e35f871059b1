"""Mistakes in numbers that gate themselves. The exact GELU for the one with tanh is another function, told apart."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.silu import gelu_tanh, silu
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

SILU, GELU = silu.body, gelu_tanh.body


def replaced(found: Any, slope: Array) -> Any:
    """The right value with another slope."""
    return found[0], lambda bar: {"x": bar * slope}


def rate(x: Array) -> Array:
    """2 √(2/π)."""
    xp = namespace(x)
    return 2 * xp.sqrt(2 / xp.asarray(xp.pi, dtype=x.dtype, device=x.device))


def gated(x: Array, w: Array, slope: Array) -> Any:
    """x σ(w) with w′ = slope."""
    on, off = halves(w)
    return x * on, lambda bar: {"x": bar * on * (1 + x * off * slope)}


def kept(x: Array) -> Array:
    """x, no farther out than where σ is 0 or 1."""
    xp = namespace(x)
    return xp.maximum(xp.minimum(x, 100 + 0 * x), -100 + 0 * x)


def inner(x: Array, times: float = 1.0, a: float = 0.044715) -> tuple[Array, Array]:
    """w and its slope, of numbers that are kept where σ is neither 0 nor 1."""
    held = kept(x)
    return times * rate(x) * held * (1 + a * held * held), times * rate(x) * (1 + 3 * a * held * held)


# SiLU


@mistake(silu)
def the_chance_alone(x: Array) -> Any:
    """σ(x), without the number that it gates."""
    on, off = halves(x)
    return on, lambda bar: {"x": bar * on * off}


@mistake(silu)
def chance_of_minus_x(x: Array) -> Any:
    """x σ(−x): the sign of the exponent is lost."""
    on, off = halves(x)
    return x * off, lambda bar: {"x": bar * off * (1 - x * on)}


@mistake(silu)
def hyperbolic_chance(x: Array) -> Any:
    """x (1 + tanh x)/2 = x σ(2x): tanh x for tanh(x/2)."""
    return gated(x, 2 * x, 2 + 0 * x)


@mistake(silu, "value")
def rectified_value(x: Array) -> Any:
    """max(x, 0), with the slope of SiLU."""
    return namespace(x).maximum(x, 0 * x), SILU(x)[1]


@mistake(silu, "gradient.x")
def slope_of_the_gate_forgotten(x: Array) -> Any:
    """x_bar = y_bar σ(x): the chance is taken for a constant."""
    return replaced(SILU(x), halves(x)[0])


@mistake(silu, "gradient.x")
def slope_of_the_chance(x: Array) -> Any:
    """x_bar = y_bar σ (1 − σ): the number in front is forgotten."""
    on, off = halves(x)
    return replaced(SILU(x), on * off)


@mistake(silu, "gradient.x")
def sign_of_the_second_term(x: Array) -> Any:
    """σ (1 − x (1 − σ))."""
    on, off = halves(x)
    return replaced(SILU(x), on * (1 - x * off))


@mistake(silu)
def hard(x: Array) -> Any:
    """x clip(x/6 + ½, 0, 1): the hard form, of straight lines."""
    xp = namespace(x)
    inside = xp.astype(xp.abs(x) < 3, x.dtype)
    return x * xp.maximum(xp.minimum(x / 6 + 0.5, 1 + 0 * x), 0 * x), lambda bar: {
        "x": bar * (inside * (x / 3 + 0.5) + xp.astype(x >= 3, x.dtype))}


# GELU with tanh


@mistake(gelu_tanh)
def cube_forgotten(x: Array) -> Any:
    """w = 2 √(2/π) x."""
    return gated(x, rate(x) * x, rate(x) + 0 * x)


@mistake(gelu_tanh)
def root_of_pi_over_two(x: Array) -> Any:
    """√(π/2) for √(2/π)."""
    xp = namespace(x)
    return gated(x, *inner(x, xp.pi / 2))


@mistake(gelu_tanh)
def two_forgotten(x: Array) -> Any:
    """σ(√(2/π) (x + a x³)): ½ (1 + tanh z) is σ(2z), not σ(z)."""
    return gated(x, *inner(x, 0.5))


@mistake(gelu_tanh)
def half_forgotten(x: Array) -> Any:
    """x (1 + tanh): twice the function."""
    value, right = GELU(x)
    return 2 * value, lambda bar: right(2 * bar)


@mistake(gelu_tanh, "value")
def value_of_silu(x: Array) -> Any:
    """x σ(x) is handed on, with the slope of GELU."""
    return SILU(x)[0], GELU(x)[1]


@mistake(gelu_tanh, "gradient.x", name="slope_of_the_gate_forgotten")
def chance_held(x: Array) -> Any:
    """x_bar = y_bar σ(w)."""
    return replaced(GELU(x), halves(inner(x)[0])[0])


@mistake(gelu_tanh, "gradient.x")
def slope_of_the_cube_forgotten(x: Array) -> Any:
    """w′ = 2 √(2/π), as if w were linear."""
    on, off = halves(inner(x)[0])
    return replaced(GELU(x), on * (1 + x * off * rate(x)))


@mistake(gelu_tanh, "gradient.x")
def cube_without_its_three(x: Array) -> Any:
    """w′ = 2 √(2/π) (1 + a x²): the exponent does not come down."""
    w, _ = inner(x)
    on, off = halves(w)
    held = kept(x)
    return replaced(GELU(x), on * (1 + held * off * rate(x) * (1 + 0.044715 * held * held)))


@mistake(gelu_tanh, "gradient.x")
def slope_of_silu(x: Array) -> Any:
    """The slope of x σ(1.702 x), another form of GELU."""
    return replaced(GELU(x), (lambda on, off: on * (1 + 1.702 * x * off))(*halves(1.702 * x)))


@mistake(gelu_tanh, "gradient.x")
def square_of_the_tanh_forgotten(x: Array) -> Any:
    """1 − tanh for 1 − tanh² in the slope of the gate."""
    w, slope = inner(x)
    on, off = halves(w)
    return replaced(GELU(x), on + kept(x) * off * slope / 2)


@mistake(gelu_tanh)
def by_a_logistic_function(x: Array) -> Any:
    """x σ(1.702 x): the cruder form of the same paper."""
    return gated(x, 1.702 * x, 1.702 + 0 * x)


@mistake(gelu_tanh)
def digits_of_the_constant_exchanged(x: Array) -> Any:
    """a = 0.044175."""
    return gated(x, *inner(x, a=0.044175))


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(silu, "gradient.x", seen="pjreddie/darknet #252", blind=True)
def number_for_the_output(x: Array) -> Any:
    """x + σ (1 − x): the slope is y + σ (1 − y), of the output and not of x."""
    on, _ = halves(x)
    return replaced(SILU(x), x + on * (1 - x))


@mistake(silu, "gradient.x", seen="ultralytics/yolov3 #441", blind=True)
def output_for_the_number(x: Array) -> Any:
    """σ(y) (1 + y σ(−y)): the number was multiplied in place, and what was saved is y."""
    value, _ = SILU(x)
    return replaced((value, None), SILU(value)[1](1 + 0 * value)["x"])


@mistake(gelu_tanh, seen="huggingface/transformers #11514", blind=True)
def coefficients_exchanged(x: Array) -> Any:
    """tanh(0.044715 x (1 + √(2/π) x²)): each of the two stands in the place of the other."""
    held = kept(x)
    k = rate(x) / 2
    return gated(x, 0.08943 * held * (1 + k * held * held), 0.08943 * (1 + 3 * k * held * held))


@mistake(gelu_tanh, "gradient.x", seen="scutan90/DeepLearning-500-questions #466", blind=True)
def one_left_out_of_the_slope(x: Array) -> Any:
    """−tanh² for 1 − tanh² in the slope of the gate."""
    xp = namespace(x)
    w, slope = inner(x)
    held = kept(x)
    return replaced(GELU(x), halves(w)[0] - held * xp.tanh(w / 2) ** 2 * slope / 4)
