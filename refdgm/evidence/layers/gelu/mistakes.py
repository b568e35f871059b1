"""Mistakes in numbers times a normal chance. The form with tanh is another function of the same name, told apart."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.gelu import gelu
from refdgm.layers.silu import gelu_tanh
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves
from refdgm.numerics.normal_tail import normal_density, normal_tail
from refdgm.numerics.quotient import or_one

BODY = gelu.body


def replaced(x: Array, slope: Array) -> Any:
    """The right value with another slope."""
    return BODY(x)[0], lambda bar: {"x": bar * slope}


def chance(x: Array) -> Array:
    xp = namespace(x)
    return xp.where(x < 0, normal_tail(x), 1 - normal_tail(x))


def root(x: Array, of: float) -> Array:
    xp = namespace(x)
    return xp.sqrt(xp.asarray(of, dtype=x.dtype, device=x.device))


def kept(x: Array) -> Array:
    """x, no farther out than where every density is 0."""
    xp = namespace(x)
    return xp.maximum(xp.minimum(x, 100 + 0 * x), -100 + 0 * x)


# Wrong equations, rightly differentiated


@mistake(gelu)
def the_chance_alone(x: Array) -> Any:
    """p, without the number that it gates."""
    return chance(x), lambda bar: {"x": bar * normal_density(x)}


@mistake(gelu)
def chance_of_the_other_side(x: Array) -> Any:
    """x (1 − p): that a normal number is above."""
    return x * chance(-x), lambda bar: {"x": bar * (chance(-x) - x * normal_density(x))}


@mistake(gelu)
def root_of_two_forgotten(x: Array) -> Any:
    """x (1 + erf x)/2: the chance of √2 x."""
    wide = root(x, 2.0) * x
    return x * chance(wide), lambda bar: {"x": bar * (chance(wide) + wide * normal_density(wide))}


@mistake(gelu)
def half_forgotten(x: Array) -> Any:
    """x (1 + erf(x/√2)): twice the function."""
    value, right = BODY(x)
    return 2 * value, lambda bar: right(2 * bar)


@mistake(gelu)
def one_forgotten(x: Array) -> Any:
    """x erf(x/√2)/2: an even function."""
    value, right = BODY(x)
    return value - x / 2, lambda bar: {"x": right(bar)["x"] - bar / 2}


@mistake(gelu)
def by_a_logistic_function(x: Array) -> Any:
    """x σ(1.702 x): the cruder form of the same paper."""
    on, off = halves(1.702 * x)
    return x * on, lambda bar: {"x": bar * on * (1 + 1.702 * x * off)}


@mistake(gelu, "value")
def rectified_value(x: Array) -> Any:
    """max(x, 0), with the slope of GELU."""
    return namespace(x).maximum(x, 0 * x), BODY(x)[1]


# The value is right, the gradient is not


@mistake(gelu, "gradient.x")
def slope_of_the_chance_forgotten(x: Array) -> Any:
    """x_bar = y_bar p: the chance is taken for a constant."""
    return replaced(x, chance(x))


@mistake(gelu, "gradient.x")
def density_without_its_number(x: Array) -> Any:
    """p + φ for p + x φ."""
    return replaced(x, chance(x) + normal_density(x))


@mistake(gelu, "gradient.x")
def sign_of_the_second_term(x: Array) -> Any:
    """p − x φ for p + x φ."""
    return replaced(x, chance(x) - x * normal_density(x))


@mistake(gelu, "gradient.x")
def density_that_is_not_normalised(x: Array) -> Any:
    """p + x e^{−x²/2}, without 1/√(2π)."""
    return replaced(x, chance(x) + kept(x) * normal_density(x) * root(x, 2.0) * root(x, namespace(x).pi))


@mistake(gelu, "gradient.x")
def inner_slope_forgotten(x: Array) -> Any:
    """p + x e^{−x²/2}/√π: the 1/√2 inside erf does not come out."""
    return replaced(x, chance(x) + kept(x) * normal_density(x) * root(x, 2.0))


@mistake(gelu, "gradient.x")
def square_that_is_not_halved(x: Array) -> Any:
    """p + x e^{−x²}/√(2π)."""
    return replaced(x, chance(x) + kept(x) * normal_density(root(x, 2.0) * kept(x)))


@mistake(gelu, "gradient.x")
def slope_of_the_form_with_tanh(x: Array) -> Any:
    """The value is exact, the slope that of gelu_tanh: right to 10⁻³."""
    return BODY(x)[0], gelu_tanh.body(x)[1]


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gelu, "gradient.x", seen="tenstorrent/tt-metal #54868", blind=True)
def one_from_three_on(x: Array) -> Any:
    """The slope is one from 3.1719 on, as in bfloat16 it is: in float32 it is 1.0075 there."""
    return replaced(x, namespace(x).where(x >= 3.1719, 1 + 0 * x, chance(x) + x * normal_density(x)))


@mistake(gelu, "gradient.x", seen="PaddlePaddle/Paddle #14857", blind=True)
def chance_from_the_output(x: Array) -> Any:
    """p as y/x: 0/0 at zero."""
    xp = namespace(x)
    value, _ = BODY(x)
    size = xp.abs(x)
    p = xp.where(size > 0, xp.abs(value) / or_one(size), xp.asarray(xp.nan, dtype=x.dtype, device=x.device))
    return replaced(x, p + x * normal_density(x))
