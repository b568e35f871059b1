"""The type: arrays of balls, integers or booleans, and the functions that are its operators.

Of the namespace `balls`; the other parts are `elementwise`, `making` and `reducing`.
"""

import builtins
import math
import sys
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
from flint import arb, arb_series, ctx, fmpq

from . import elements


@contextmanager
def precision(bits):
    """Work with this many bits, and with series of value and slope."""
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = bits, 2
    try:
        yield
    finally:
        ctx.prec, ctx.cap = before


class Ball:
    """The one real dtype."""

    def __repr__(self):
        return "ball"


ball = float64 = float32 = Ball()
int64 = int32 = np.dtype("int64")
bool = np.dtype("bool")
inf, nan, newaxis = math.inf, math.nan, None

# --- from Python and NumPy to raw arrays ----------------------------------------------------------


def _boxed(v):
    """A 0-d object array; NumPy by itself would iterate over a series."""
    box = np.empty((), dtype=object)
    box[()] = v
    return box


def _real(v):
    """One number as an exact element."""
    if isinstance(v, (arb, arb_series)):
        return v
    if isinstance(v, Fraction):
        return arb(fmpq(v.numerator, v.denominator))
    if isinstance(v, (int, np.integer, np.bool_)):
        return arb(int(v))
    if isinstance(v, (float, np.floating)) and not isinstance(v, np.longdouble):
        return arb(float(v))
    raise TypeError(f"no ball is made of {type(v).__name__}")


_reals = np.frompyfunc(_real, 1, 1)


def _raw(x):
    """The NumPy array behind anything array-like: object (balls), int64 or bool."""
    if isinstance(x, BallArray):
        return x.raw
    if isinstance(x, (arb, arb_series, Fraction, float)):
        return _boxed(_real(x))
    if isinstance(x, (list, tuple)):
        return _array(np.stack(_alike(*x))) if x else np.empty((0,), dtype=object)
    if isinstance(x, int) and not isinstance(x, builtins.bool) and x.bit_length() > 62:
        return _boxed(arb(x))
    x = np.asarray(x)
    if x.dtype.kind in "iu":
        return x.astype(int64)
    if x.dtype.kind == "b":
        return x
    return _array(_reals(x))


def _array(v):
    """A result of NumPy, which hands out bare elements instead of 0-d arrays."""
    if isinstance(v, np.ndarray):
        return v
    return _boxed(v) if isinstance(v, (arb, arb_series)) else np.asarray(v)


def _balls(x):
    """The raw array, made of balls."""
    raw = _raw(x)
    return raw if raw.dtype == object else _array(_reals(raw))


def _alike(*operands):
    """Raw arrays that are all balls or all plain."""
    raws = [_raw(x) for x in operands]
    if builtins.any(r.dtype == object for r in raws):
        raws = [_balls(x) for x in operands]
    return raws


def _key(key):
    if isinstance(key, tuple):
        return tuple(_key(k) for k in key)
    if isinstance(key, BallArray):
        return key.raw if key.ndim or key.raw.dtype == bool else int(key)
    return key


# --- operators ------------------------------------------------------------------------------------


def _arithmetic(f, plain, always_balls=False):
    """A binary function: `f` on elements, `plain` on integers."""
    on_elements = np.frompyfunc(f, 2, 1)

    def apply(a, b):
        left, right = (_balls(a), _balls(b)) if always_balls else _alike(a, b)
        return BallArray((on_elements if left.dtype == object else plain)(left, right))

    return apply


def _comparison(f, plain):
    on_elements = np.frompyfunc(f, 2, 1)

    def apply(a, b):
        left, right = _alike(a, b)
        if left.dtype != object:
            return BallArray(plain(left, right))
        return BallArray(np.asarray(on_elements(left, right), dtype=bool))

    return apply


add = _arithmetic(lambda a, b: a + b, np.add)
subtract = _arithmetic(lambda a, b: a - b, np.subtract)
multiply = _arithmetic(lambda a, b: a * b, np.multiply)
divide = _arithmetic(elements.divide, None, always_balls=True)
maximum = _arithmetic(elements.larger, np.maximum)
minimum = _arithmetic(elements.smaller, np.minimum)
less = _comparison(elements.less, np.less)
greater = _comparison(lambda a, b: elements.less(b, a), np.greater)
less_equal = _comparison(lambda a, b: not elements.less(b, a), np.less_equal)
greater_equal = _comparison(lambda a, b: not elements.less(a, b), np.greater_equal)
equal = _comparison(elements.equal, np.equal)
not_equal = _comparison(lambda a, b: not elements.equal(a, b), np.not_equal)


def pow(a, b):
    """a ** b; a Python integer b is a product, also of negative numbers."""
    if isinstance(b, int) and _raw(a).dtype == object:
        return BallArray(np.frompyfunc(lambda v: elements.power(v, int(b)), 1, 1)(_raw(a)))
    left, right = _alike(a, b)
    if left.dtype == object:
        return BallArray(np.frompyfunc(elements.power, 2, 1)(left, right))
    return BallArray(left**right)


def matmul(a, b):
    """The matrix product, batched as in the standard."""
    left, right = _alike(a, b)
    if left.shape[-1] == 0:
        shape = (np.zeros(left.shape) @ np.zeros(right.shape)).shape  # NumPy's sum of no objects is an int 0
        nothing = np.zeros(shape, dtype=int64 if left.dtype == object else left.dtype)
        return BallArray(_balls(nothing) if left.dtype == object else nothing)
    return BallArray(left @ right)


def _swapped(f):
    return lambda self, other: f(other, self)


def _logical(f):
    def apply(a, b):
        left, right = _alike(a, b)
        if left.dtype == object:
            raise TypeError("logical functions take booleans or integers, not balls")
        return BallArray(f(left, right))

    return apply


logical_and, logical_or, logical_xor = map(_logical, (np.logical_and, np.logical_or, np.logical_xor))


class BallArray:
    """An array of balls, integers or booleans."""

    __array_ufunc__ = None  # a NumPy operand on the left leaves the operator to this class
    __hash__ = None  # type: ignore[assignment]
    device = "cpu"

    def __init__(self, raw):
        self.raw = _array(raw)

    def __array_namespace__(self, api_version=None):
        return sys.modules[f"{__package__}.balls"]

    dtype = property(lambda self: ball if self.raw.dtype == object else self.raw.dtype)
    shape = property(lambda self: self.raw.shape)
    ndim = property(lambda self: self.raw.ndim)
    size = property(lambda self: self.raw.size)
    T = property(lambda self: BallArray(self.raw.T))
    mT = property(lambda self: BallArray(np.swapaxes(self.raw, -1, -2)))

    def to_device(self, device, stream=None):
        return self

    def __len__(self):
        return len(self.raw)

    def __getitem__(self, key):
        return BallArray(self.raw[_key(key)])

    def __setitem__(self, key, new):
        key, new = _key(key), (_balls if self.raw.dtype == object else _raw)(new)
        if isinstance(self.raw[key], np.ndarray):
            self.raw[key] = new
        else:
            self.raw[key] = new.reshape(())[()]

    def __repr__(self):
        return f"BallArray({self.raw!r})"

    def __bool__(self):
        if self.raw.dtype == object:
            return not elements.equal(self.raw.item(), arb(0))
        return builtins.bool(self.raw)

    def __index__(self):
        if self.raw.dtype == object or self.ndim:
            raise TypeError("only a 0-d integer array is an index")
        return int(self.raw)

    __int__ = __index__

    def __neg__(self):
        return BallArray(-self.raw)

    def __pos__(self):
        return self

    def __abs__(self):
        return self.__array_namespace__().abs(self)

    def __invert__(self):
        return BallArray(~self.raw)

    __add__, __radd__ = add, _swapped(add)
    __sub__, __rsub__ = subtract, _swapped(subtract)
    __mul__, __rmul__ = multiply, _swapped(multiply)
    __truediv__, __rtruediv__ = divide, _swapped(divide)
    __pow__, __rpow__ = pow, _swapped(pow)
    __matmul__, __rmatmul__ = matmul, _swapped(matmul)
    __and__, __rand__ = _logical(np.bitwise_and), _logical(np.bitwise_and)
    __or__, __ror__ = _logical(np.bitwise_or), _logical(np.bitwise_or)
    __xor__, __rxor__ = _logical(np.bitwise_xor), _logical(np.bitwise_xor)
    __floordiv__, __mod__ = _logical(np.floor_divide), _logical(np.remainder)
    __lt__, __gt__, __le__, __ge__ = less, greater, less_equal, greater_equal
    __eq__, __ne__ = equal, not_equal
