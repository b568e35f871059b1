"""Random rounding: NumPy arrays on which every operation errs by a relative δ.

A definition, run a few times on such arrays, shows by how much an honest evaluation of it may be wrong: element by
element, cancellation and conditioning included, with no analysis by hand of any formula.
"""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from refdgm.check.numbers import rounded

FEWEST = float(np.finfo(np.float64).tiny)
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
            result = perturbed(result, terms(ufunc.__name__, method, inputs, result))
            if ufunc.__name__ in _slack[-1]:
                result = result * (1 + _slack[-1][ufunc.__name__](np.asarray(inputs[0])))
        if out is not None:
            out[0][...] = result
            return out[0]
        return result.view(Noisy)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        result = super().__array_function__(
            function, types, args, options
        )  # `where` and `dot` forget the class
        if function is np.dot and result.dtype.kind == "f":
            result = perturbed(result, args[0].shape[-1] if args[0].ndim else 1)
        return np.asarray(result).view(Noisy) if isinstance(result, np.ndarray) else result

    def __getitem__(self, key: Any) -> Any:
        return np.asarray(super().__getitem__(key)).view(Noisy)  # a number would forget the class


def terms(name: str, method: str, inputs: tuple[Any, ...], result: Any) -> int:
    """How many numbers were added for each element."""
    if name == "matmul":
        return int(inputs[0].shape[-1])
    return max(1, int(np.size(inputs[0]) // max(1, result.size))) if (name, method) == ("add", "reduce") else 1


Error = Callable[[Any, int], Any]  # of a result, and of how many numbers were added for each element
_errors: list[Error] = [lambda x, added: x]  # the last one is in force
_slack: list[Mapping[str, Callable[[Any], Any]]] = [{}]  # likewise: by operation, of its argument a relative error


def perturbed(x: Any, added: int = 1) -> Any:
    """x with the error that is in force."""
    x = np.asarray(x)
    # of a number without axes too NumPy makes one that is no array, and forgets the class
    return np.asarray(_errors[-1](x, added)) if x.dtype.kind == "f" else x


@contextmanager
def erring(error: Error) -> Any:
    """Within: operations on `Noisy` arrays make this error."""
    _errors.append(error)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _errors.pop()


def noise(seed: int, delta: float, inner: float | None = None) -> Any:
    """Within: x (1 + √n δ ξ), ξ uniform of variance one: of the size of δ, reproducible, and never the same twice.

    A sum of n terms, added one by one, errs like a random walk of n roundings: an honest one may do so. With `inner`,
    the roundoff of the accumulator, its steps are of that size, and the sum is rounded once.
    """
    step = delta if inner is None else inner
    size = lambda added: (delta**2 + (added - 1) * step**2) ** 0.5
    rng = np.random.Generator(np.random.PCG64(seed))
    return erring(lambda x, added: x * (1 + size(added) * rng.uniform(-(3**0.5), 3**0.5, x.shape)))


@contextmanager
def slack(sizes: Mapping[str, float], seed: int) -> Any:
    """Within: these operations on `Noisy` arrays err by as much, besides what is in force: up or down at random; of
    every eight seeds in one all to one side, and in one in proportion to the argument, as of a rounded multiple."""
    rng = np.random.Generator(np.random.PCG64(seed))

    def erring_by(size: float) -> Callable[[Any], Any]:
        def along(x: Any) -> Any:
            known = np.where(np.isfinite(x), x, 0.0)
            return size * known / max(float(np.max(np.abs(known), initial=0.0)), FEWEST)

        return {1: lambda x: size, 2: along}.get(seed % 8, lambda x: size * rng.choice([-1.0, 1.0], size=x.shape))

    _slack.append({name: erring_by(size) for name, size in sizes.items()})
    try:
        yield
    finally:
        _slack.pop()


def in_bfloat16() -> Any:
    """Within: every operation is rounded to the nearest bfloat16, ties to even; a sum once, as libraries do."""

    return erring(lambda x, added: rounded(x, "bfloat16"))


def exact() -> Any:
    """Within: no operation errs."""
    return erring(lambda x, added: x)


def noisy(x: Any) -> Any:
    return np.asarray(x).view(Noisy)


def teach_autograd() -> None:
    """HIPS autograd is told of the class, once."""
    from autograd.core import VSpace
    from autograd.numpy.numpy_boxes import ArrayBox
    from autograd.numpy.numpy_vspaces import ArrayVSpace

    if Noisy not in ArrayBox.type_mappings:
        ArrayBox.register(Noisy)
        VSpace.register(Noisy, lambda x: ArrayVSpace(np.asarray(x)))
