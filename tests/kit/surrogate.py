"""What a pullback differentiates in place of its value is the value where nothing has moved.

The tests of derivatives see its slopes alone: a surrogate of another value with the right slopes would pass them all.
A declaration that names another reference says on purpose that this value is another's: then it is that of that one.
"""

import numpy as np

from .asking import nested
from .textbook import WIDE


def surrogates(ref, text):
    """(where it is written, function of the held arguments and of the arguments) of each that the reference has."""
    declared = ref.derivative_of
    if callable(declared) and not hasattr(declared, "body"):
        yield "derivative_of", declared
    if text.held is not None:
        yield "the definition's held", lambda held, *args, **options: text.held(np, held, *args, **options)


def unlike(ref, text, case):
    """Where a surrogate that holds its own arguments is not the value: in an index anywhere it is given, in a number
    by more than 2^-60 of the largest, in long doubles, of what it is made of."""
    arguments = {name: nested(lambda x: x.astype(WIDE), x) for name, x in case.arguments().items()}
    args, options = [arguments[name] for name in ref.arrays], ref.resolved(case.options)
    value = getattr(ref.derivative_of, "body", ref.body)(*args, **options)[0]
    for where, surrogate in surrogates(ref, text):
        found = surrogate(arguments, *args, **options)
        outputs = (found, value) if len(ref.result) > 1 else ((found,), (value,))
        for name, got, right in zip(ref.result, *outputs, strict=True):
            if got is None and name not in ref.bars:
                continue
            largest = max(float(np.max(np.abs(x), initial=0)) for x in (right, *args))
            if got.shape != right.shape or not np.all(np.abs(got - right) <= 2.0**-60 * largest):
                yield f"{where}, with its own arguments held, is not the {name} of {ref.name}"
