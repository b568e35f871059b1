"""Sums, products, extrema, and where they are. Of the namespace `balls`."""

import builtins
import functools
import math

import numpy as np
from flint import arb

from . import elements
from .arrays import BallArray, _balls, _raw, bool, int64, multiply
from .elements import Undecided
from .elementwise import _mask
from .making import astype, concat, full


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


def _ordered(certainly_below):
    """The places of every row's elements, the smallest first."""

    def order(x, axis=-1, descending=False):
        if descending:
            raise NotImplementedError("balls are put in rising order")
        raw = np.moveaxis(_balls(x), axis, -1)
        out = np.empty(raw.shape, dtype=int64)
        key = functools.cmp_to_key(lambda a, b: 0 if a[1] is b[1] else -1 if certainly_below(a[1], b[1]) else 1)
        for at in np.ndindex(raw.shape[:-1]):
            out[at] = [place for place, _ in sorted(enumerate(raw[at]), key=key)]
        return BallArray(np.moveaxis(out, -1, axis))

    return order


def argsort(x, axis=-1, descending=False, stable=True):
    """The order of integers as in the standard; of balls the certain one, and a tie is undecided."""
    if _raw(x).dtype != object:
        raw = np.argsort(-_raw(x) if descending else _raw(x), axis=axis, stable=True)
        return BallArray(raw.astype(int64))
    return _by_value(x, axis=axis, descending=descending)


def sort(x, axis=-1, descending=False, stable=True):
    """In rising order. Which of two that are certainly the same and move alike comes first is void."""
    raw = _raw(x)
    if raw.dtype != object:
        return BallArray(np.take_along_axis(raw, argsort(x, axis, descending).raw, axis=axis))
    return BallArray(np.take_along_axis(raw, _by_number(x, axis=axis, descending=descending).raw, axis=axis))


_by_value = _ordered(_below)
_by_number = _ordered(lambda a, b: elements.same(a, b) or elements.less(a, b))


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
