"""The answers of a definition: its value, and the gradient that autograd takes of it.

They are taken in extended precision, so that what a naive formula loses (eleven bits may go) is not blamed
on the reference. Where the declaration says that the gradient is of something else, the text `held`
is differentiated; where it is a limit in the number of steps, the gradient is the reference's own, in
extended precision: its mathematics is then judged by the observed order (`orders.py`), its rounding here.
"""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import getval

from refdgm.declaration.domain import Limit

from .asking import cast, named, nested

WIDE = np.longdouble
if np.finfo(WIDE).eps > 2.0**-60:
    pytest.skip("the platform's long double is no wider than double", allow_module_level=True)


def answers(ref, definition, options, arguments, bars, dtype=WIDE) -> dict:
    """By flat name; arguments and cotangents are first converted to `dtype`."""
    args = [nested(lambda x: cast(x, dtype), arguments[name]) for name in ref.arrays]
    bars = [np.asarray(bar, dtype) for bar in bars]
    with np.errstate(all="ignore"):  # a naive formula may overflow; the comparison then sees it
        if not ref.differentiable:
            return named(ref, definition.value(np, *args, **options), {})
        if isinstance(ref.derivative_of, Limit):
            return named(ref, definition.value(np, *args, **options),
                         ref.body(*args, **ref.resolved(options))[1](*bars))  # fmt: skip
        value, grads = traced(ref, definition, options, args, bars)
        return named(ref, definition.value(np, *args, **options) if value is None else value, grads)


def autograd_gradients(ref, definition, options, args, bars) -> dict:
    return traced(ref, definition, options, args, bars)[1]


def traced(ref, definition, options, args, bars):
    """(value, gradients) in one pass: the gradients of the definition's value, or of what it holds, or of a form of the
    value whose derivative does not cancel. The value is None where another form than its own was differentiated."""
    moving = [ref.arrays.index(name) for name in ref.wrt]
    held = dict(zip(ref.arrays, args, strict=True))
    seen = []

    def objective(leaves):
        full = list(args)
        for place, leaf in zip(moving, leaves, strict=True):
            full[place] = leaf
        text = definition.differentiated
        outputs = definition.held(anp, held, *full) if definition.held else text(anp, *full, **options)
        seen.append(outputs)
        outputs = outputs if len(ref.result) > 1 else (outputs,)
        chosen = [y for name, y in zip(ref.result, outputs, strict=True) if name in ref.bars]
        return sum(anp.sum(bar * y) for bar, y in zip(bars, chosen, strict=True))

    grads = dict(zip(ref.wrt, autograd.grad(objective)(tuple(args[place] for place in moving)), strict=True))
    if definition.held or "differentiated" in definition.texts:
        return None, grads
    return tuple(map(getval, seen[0])) if len(ref.result) > 1 else getval(seen[0]), grads
