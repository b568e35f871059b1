"""The package's own functions, as the expressions of a page call them."""

import importlib

import numpy as np
from mpmath import mp


def package(target):
    """The function `module:name` of the package, taking and giving nested lists, computing in float64."""
    module, _, name = target.partition(":")
    ref = getattr(importlib.import_module(module), name)

    def inwards(x):
        if isinstance(x, dict):
            return {k: inwards(v) for k, v in x.items()}
        return np.asarray(_floats(x), dtype=np.float64)

    def outwards(x):
        if isinstance(x, dict):
            return {k: outwards(v) for k, v in x.items()}
        if isinstance(x, tuple):
            return tuple(map(outwards, x))
        return _numbers(np.asarray(x).tolist())

    def call(*arguments, **options):
        options = {k: ref.args[k].known.get(v, v) for k, v in options.items()}     # fields by name
        given = [np.asarray(x, dtype=np.int64) if n in ref.indices else inwards(x) for n, x in enumerate(arguments)]
        result = ref.body(*given, **options)
        if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
            return outwards(result)
        value, pullback = result
        return outwards(value), lambda *bars: outwards(pullback(*map(inwards, bars)))

    return call


def _floats(x):
    return [_floats(v) for v in x] if isinstance(x, (list, tuple)) else float(x)


def _numbers(x):
    return [_numbers(v) for v in x] if isinstance(x, list) else mp.mpf(x)
