"""Arrays of balls: an array type with guaranteed enclosures, and this module is its array-API namespace.

A :class:`BallArray` holds a NumPy array of ``arb`` or ``arb_series`` elements, which mix (dtype ``ball``),
or plain int64 or bool. A Python float is the exact dyadic that it is. A comparison is certain or raises
:class:`Undecided`. Run inside ``with precision(bits):``.

The namespace also answers to NumPy's spelling of the same functions (``concatenate``, ``swapaxes``,
``transpose``), so that one text runs under autograd and here. ``pi`` is taken at the precision of the moment.
"""

import builtins
import functools
import math
import sys
from contextlib import contextmanager
from fractions import Fraction

import numpy as np
from flint import arb, arb_series, ctx, fmpq

from . import elements
from .elements import Undecided

__all__ = ["BallArray", "Undecided", "ball", "precision"]  # the rest is read as a namespace, never by star


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
        return stack(x).raw if x else np.empty((0,), dtype=object)
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
        return zeros(shape, dtype=BallArray(left).dtype)
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
        return sys.modules[__name__]

    dtype = property(lambda self: ball if self.raw.dtype == object else self.raw.dtype)
    shape = property(lambda self: self.raw.shape)
    ndim = property(lambda self: self.raw.ndim)
    size = property(lambda self: self.raw.size)
    T = property(lambda self: BallArray(self.raw.T))
    mT = property(lambda self: matrix_transpose(self))

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
        return abs(self)

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


# --- elementwise functions ------------------------------------------------------------------------


def _elementwise(f):
    on_elements = np.frompyfunc(f, 1, 1)
    return lambda x: BallArray(on_elements(_balls(x)))


def _question(f):
    on_elements = np.frompyfunc(f, 1, 1)
    return lambda x: BallArray(np.asarray(on_elements(_balls(x)), dtype=bool))


exp, expm1, log, log1p, sqrt = map(
    _elementwise, (elements.exp, elements.expm1, elements.log, elements.log1p, elements.sqrt)
)
sin, cos, sinh, cosh, tanh = map(
    _elementwise, (elements.sin, elements.cos, elements.sinh, elements.cosh, elements.tanh)
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


# --- reductions -----------------------------------------------------------------------------------


def _rows(raw, axis, keepdims):
    """(the reduced axes last and flat, the shape of the result)."""
    axes = tuple(range(raw.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = np.lib.array_utils.normalize_axis_tuple(axes, raw.ndim)
    kept = [i for i in range(raw.ndim) if i not in axes]
    flat = raw.transpose(kept + list(axes)).reshape(
        math.prod(raw.shape[i] for i in kept), math.prod(raw.shape[i] for i in axes)
    )
    shape = tuple(1 if i in axes else n for i, n in enumerate(raw.shape) if keepdims or i not in axes)
    return flat, shape


def _reduction(f, start=None):
    """Fold the elements of the reduced axes by the binary `f`, from the left."""

    def reduce(x, /, *, axis=None, keepdims=False):
        flat, shape = _rows(_raw(x), axis, keepdims)
        begin = () if start is None else (arb(start) if flat.dtype == object else start,)
        out = np.empty(len(flat), dtype=flat.dtype)
        for i, row in enumerate(flat):
            out[i] = functools.reduce(f, row, *begin)
        return BallArray(out.reshape(shape))

    return reduce


def _numpy_order(reduce):
    return lambda x, axis=None, keepdims=False: reduce(x, axis=axis, keepdims=keepdims)


max = _numpy_order(_reduction(elements.larger))
min = _numpy_order(_reduction(elements.smaller))
_sum = _reduction(lambda a, b: a + b, 0)
_prod = _reduction(lambda a, b: a * b, 1)


def _countable(x):
    """Booleans are summed as integers."""
    raw = _raw(x)
    return BallArray(raw.astype(int64) if raw.dtype == bool else raw)


def sum(x, axis=None, keepdims=False, dtype=None):
    return astype(_sum(_countable(x), axis=axis, keepdims=keepdims), dtype)


def prod(x, axis=None, keepdims=False, dtype=None):
    return astype(_prod(_countable(x), axis=axis, keepdims=keepdims), dtype)


def mean(x, axis=None, keepdims=False):
    x = BallArray(_balls(x))
    total = sum(x, axis=axis, keepdims=keepdims)
    return total / (x.size // builtins.max(total.size, 1))


def _place(certainly_before):
    """The index of the one element that comes before all others; a tie is undecided."""

    def search(x, axis=None, keepdims=False):
        flat, shape = _rows(_balls(x), axis, keepdims)
        out = np.empty(len(flat), dtype=int64)
        for i, row in enumerate(flat):
            if not row.size:
                raise ValueError("argmax and argmin need at least one element")
            best = 0
            for k in range(1, row.size):
                best = k if certainly_before(row[k], row[best]) else best
            out[i] = best
        return BallArray(out.reshape(shape))

    return search


def _above(a, b):
    _apart(a, b)
    return elements.less(b, a)


def _below(a, b):
    _apart(a, b)
    return elements.less(a, b)


def _apart(a, b):
    if not elements.value(a) != elements.value(b):
        raise Undecided(f"a tie of {elements.value(a).str(20)} and {elements.value(b).str(20)}")


argmax, argmin = _place(_above), _place(_below)


def any(x, axis=None, keepdims=False):
    return BallArray(np.any(_mask(x), axis=axis, keepdims=keepdims))


def all(x, axis=None, keepdims=False):
    return BallArray(np.all(_mask(x), axis=axis, keepdims=keepdims))


def _cumulative(ufunc, first):
    def scan(x, axis=None, dtype=None, include_initial=False):
        raw = _countable(x).raw
        if axis is None:
            if raw.ndim > 1:
                raise ValueError("axis is needed for more than one dimension")
            axis = 0
        if include_initial:
            row = list(raw.shape)
            row[axis] = 1
            raw = concat([full(row, first, dtype=BallArray(raw).dtype), BallArray(raw)], axis=axis).raw
        return astype(BallArray(ufunc.accumulate(raw, axis=axis)), dtype)

    return scan


cumulative_sum = cumsum = _cumulative(np.add, 0)
cumulative_prod = cumprod = _cumulative(np.multiply, 1)


def vecdot(a, b, axis=-1):
    return sum(multiply(a, b), axis=axis)


# --- shape and movement ---------------------------------------------------------------------------


def _moves(name):
    """A function that only moves elements is NumPy's."""
    f = getattr(np, name)
    return lambda x, *args, **kwargs: BallArray(f(_raw(x), *(_key(a) for a in args), **kwargs))


swapaxes, transpose, moveaxis, flip, roll, squeeze, expand_dims, repeat, broadcast_to = map(
    _moves,
    ("swapaxes", "transpose", "moveaxis", "flip", "roll", "squeeze", "expand_dims", "repeat", "broadcast_to"),
)
permute_dims = transpose


def reshape(x, shape, copy=None):
    return BallArray(_raw(x).reshape(tuple(shape) if isinstance(shape, (list, tuple)) else shape))


def matrix_transpose(x):
    return swapaxes(x, -1, -2)


def concat(arrays, axis=0):
    raws = _alike(*arrays)
    return BallArray(np.concatenate([r.reshape(-1) for r in raws] if axis is None else raws, axis=axis or 0))


concatenate = concat


def stack(arrays, axis=0):
    return BallArray(np.stack(_alike(*arrays), axis=axis))


def take(x, indices, axis=None):
    return BallArray(np.take(_raw(x), _raw(indices), axis=axis))


def take_along_axis(x, indices, axis=-1):
    return BallArray(np.take_along_axis(_raw(x), _raw(indices), axis=axis))


def _triangle(part):
    def keep(x, k=0):
        x = BallArray(_raw(x))
        return where(BallArray(part(np.ones(x.shape[-2:], dtype=bool), k)), x, zeros_like(x))

    return keep


tril, triu = _triangle(np.tril), _triangle(np.triu)

# --- creation -------------------------------------------------------------------------------------


def full(shape, fill_value, dtype=None, device=None):
    raw = _raw(astype(fill_value, ball if dtype is None and isinstance(fill_value, float) else dtype))
    return BallArray(np.broadcast_to(raw, shape).copy())


def zeros(shape, dtype=None, device=None):
    return full(shape, 0, dtype=dtype or ball)


def ones(shape, dtype=None, device=None):
    return full(shape, 1, dtype=dtype or ball)


empty = zeros


def full_like(x, fill_value, dtype=None, device=None):
    return full(x.shape, fill_value, dtype=dtype or x.dtype)


def zeros_like(x, dtype=None, device=None):
    return full_like(x, 0, dtype=dtype)


def ones_like(x, dtype=None, device=None):
    return full_like(x, 1, dtype=dtype)


empty_like = zeros_like


def eye(rows, columns=None, k=0, dtype=None, device=None):
    return astype(BallArray(np.eye(rows, columns, k=k, dtype=int64)), dtype or ball)


def arange(start, stop=None, step=1, dtype=None, device=None):
    """Integers, or exact multiples of a dyadic step where any argument is a float."""
    start, stop = (0, start) if stop is None else (start, stop)
    count = builtins.max(0, math.ceil(Fraction(stop - start) / Fraction(step)))
    return astype(BallArray(np.arange(count, dtype=int64)) * step + start, dtype)


def asarray(x, dtype=None, device=None, copy=None):
    return astype(BallArray(_raw(x).copy() if copy else _raw(x)), dtype)


def astype(x, dtype, copy=True, device=None):
    """The array in another dtype. A ball becomes an integer only where it certainly is one."""
    raw = _raw(x)
    if dtype is None:
        return BallArray(raw)
    if dtype is ball:
        return BallArray(_balls(x))
    if raw.dtype != object:
        return BallArray(raw.astype(dtype))
    if np.dtype(dtype) == bool:
        return not_equal(x, 0)
    return BallArray(np.asarray(np.frompyfunc(_whole, 1, 1)(raw), dtype=dtype))


def _whole(v):
    if isinstance(v, arb_series) or not v.is_integer():
        raise Undecided(f"{v} is not certainly one integer")
    return int(v.unique_fmpz())


# --- what the namespace says of itself ------------------------------------------------------------


class finfo:
    """The precision of the moment. The range has no end that would matter."""

    def __init__(self, dtype=ball):
        self.bits, self.dtype = ctx.prec, ball
        self.eps = arb((1, -ctx.prec))
        self.smallest_normal = self.tiny = arb((1, -(2**40)))
        self.max = arb((1, 2**40))
        self.min = -self.max


def isdtype(dtype, kind):
    """Whether the dtype is of this kind, or of one of these."""
    if isinstance(kind, tuple):
        return builtins.any(isdtype(dtype, k) for k in kind)
    if not isinstance(kind, str):
        return dtype == kind
    kinds = {
        "real floating": dtype is ball,
        "integral": dtype == int64,
        "signed integer": dtype == int64,
        "bool": dtype == bool,
        "numeric": dtype is ball or dtype == int64,
        "complex floating": False,
        "unsigned integer": False,
    }
    return kinds[kind]


def result_type(*operands):
    dtypes = [x if x is ball or isinstance(x, np.dtype) else BallArray(_raw(x)).dtype for x in operands]
    return ball if builtins.any(d is ball for d in dtypes) else np.result_type(*dtypes)


def __getattr__(name):
    if name == "pi":  # a constant fixed at import would be as wide as the precision of that moment
        return BallArray(arb.pi())
    raise AttributeError(f"the ball namespace lacks {name!r}")
