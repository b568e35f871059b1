"""Functions of each element by itself. Of the namespace `balls`."""

import numpy as np

from . import elements
from .arrays import BallArray, _alike, _balls, _raw, bool, pow


def _elementwise(f):
    on_elements = np.frompyfunc(f, 1, 1)
    return lambda x: BallArray(on_elements(_balls(x)))


def _question(f):
    on_elements = np.frompyfunc(f, 1, 1)
    return lambda x: BallArray(np.asarray(on_elements(_balls(x)), dtype=bool))


exp, expm1, log, log1p, sqrt = map(
    _elementwise, (elements.exp, elements.expm1, elements.log, elements.log1p, elements.sqrt)
)
sin, cos, sinh, cosh, tanh, erf = map(
    _elementwise, (elements.sin, elements.cos, elements.sinh, elements.cosh, elements.tanh, elements.erf)
)
isfinite, isnan = _question(elements.finite), _question(elements.not_a_number)
_sign, _abs, floor = map(_elementwise, (elements.sign, elements.absolute, elements.floor))


def sign(x):
    """The certain sign."""
    return _sign(x) if _raw(x).dtype == object else BallArray(np.sign(_raw(x)))


def abs(x):
    """The absolute value, by the certain sign."""
    return _abs(x) if _raw(x).dtype == object else BallArray(np.abs(_raw(x)))


def square(x):
    return pow(x, 2)


def negative(x):
    return BallArray(-_raw(x))


def _mask(x):
    """The raw array of booleans or integers; the truth of a ball is nobody's to guess."""
    if _raw(x).dtype == object:
        raise TypeError("a condition is boolean; compare the balls with something")
    return _raw(x)


def logical_not(x):
    return BallArray(np.logical_not(_mask(x)))


def where(condition, yes, no):
    """Elementwise choice; the other branch is not looked at."""
    return BallArray(np.where(_mask(condition), *_alike(yes, no)))
