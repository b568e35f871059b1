"""What makes an array or moves its elements. Of the namespace `balls`."""

import builtins
import math
from fractions import Fraction

import numpy as np
from flint import arb_series

from .arrays import BallArray, _alike, _balls, _key, _raw, ball, bool, int64, not_equal
from .elements import Undecided
from .elementwise import where


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
