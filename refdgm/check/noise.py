"""Random rounding: NumPy arrays on which every operation errs by a relative δ.

A definition, run a few times on such arrays, shows by how much an honest evaluation of it may be wrong: element by
element, cancellation and conditioning included, with no analysis by hand of any formula.
"""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

EXACT = {"negative", "positive", "absolute", "fabs", "sign", "copysign", "rint", "floor", "ceil", "conjugate"}


class Noisy(np.ndarray):
    """An array whose operations are perturbed by the generator and the δ of `noise`."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if any(hasattr(x, "_node") for x in inputs):
            return NotImplemented  # a number that autograd traces: it knows what to do with us
        inputs = tuple(np.asarray(x) if isinstance(x, Noisy) else x for x in inputs)
        if method == "at":
            return ufunc.at(*inputs, **options)
        result = np.asarray(getattr(ufunc, method)(*inputs, **options))
        if result.dtype.kind == "f" and ufunc.__name__ not in EXACT:
            result = perturbed(result)
        if out is not None:
            out[0][...] = result
            return out[0]
        return result.view(Noisy)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        result = super().__array_function__(
            function, types, args, options
        )  # `where` and `dot` forget the class
        return result.view(Noisy) if type(result) is np.ndarray else result


class _Source:
    rng: np.random.Generator = np.random.default_rng(0)
    delta: float = 0.0


def perturbed(x: Any) -> Any:
    """x (1 + δ ξ), ξ normal: of the size of δ, and never the same twice."""
    x = np.asarray(x)
    if x.dtype.kind != "f":
        return x
    return x * (1 + _Source.delta * _Source.rng.standard_normal(x.shape))


@contextmanager
def noise(seed: int, delta: float) -> Any:
    """Within: operations on `Noisy` arrays err by δ, reproducibly."""
    before = _Source.rng, _Source.delta
    _Source.rng, _Source.delta = np.random.Generator(np.random.Philox(key=seed)), delta
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _Source.rng, _Source.delta = before


def noisy(x: Any) -> Any:
    return np.asarray(x).view(Noisy)


def traced_by_autograd(make: Callable[..., Any]) -> Callable[..., Any]:
    """Teach HIPS autograd the class, once, before `make` is used on it."""
    from autograd.core import VSpace
    from autograd.numpy.numpy_boxes import ArrayBox
    from autograd.numpy.numpy_vspaces import ArrayVSpace

    if Noisy not in ArrayBox.type_mappings:
        ArrayBox.register(Noisy)
        VSpace.register(Noisy, lambda x: ArrayVSpace(np.asarray(x)))
    return make
