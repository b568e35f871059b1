"""Arrays of balls: an array type with guaranteed enclosures, and this module is its array-API namespace.

A :class:`BallArray` holds a NumPy array of ``arb`` or ``arb_series`` elements, which mix (dtype ``ball``),
or plain int64 or bool. A Python float is the exact dyadic that it is. A comparison is certain or raises
:class:`Undecided`. Run inside ``with precision(bits):``.

The namespace also answers to NumPy's spelling of the same functions (``concatenate``, ``swapaxes``,
``transpose``), so that one text runs under autograd and here. ``pi`` is taken at the precision of the moment.
"""

import builtins

import numpy as np
from flint import arb, ctx

from .arrays import *  # noqa: F403
from .arrays import BallArray, _raw, ball, bool, int64, precision
from .elements import Undecided
from .elementwise import *  # noqa: F403
from .making import *  # noqa: F403
from .reducing import *  # noqa: F403
from .roots import enclosed_root as enclosed_root  # for definitions that iterate
from .roots import standing_still as standing_still

__all__ = ["BallArray", "Undecided", "ball", "precision"]  # the rest is read as a namespace, never by star


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
