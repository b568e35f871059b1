"""A reference: a function that computes a value and hands back how it is differentiated, with its declaration.

`@reference` wraps a body that returns `(value, pullback)`; `@quantity` wraps one that has no derivative and
returns the value alone. Calling the result checks the arguments (`boundary.py`); `.body` is the plain function.
"""

import inspect
from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any

from refdgm import boundary
from refdgm.domain import Array, Map, Option
from refdgm.errors import ArgumentError, DTypeError
from refdgm.namespace import device, namespace

REMEMBERED = 4096  # accepted structures kept before the set is emptied


class Reference:
    """A body with its declaration; made by `@reference` and `@quantity`, never directly."""

    def __init__(
        self,
        body: Callable[..., Any],
        args: Mapping[str, Any],
        result: Array | Mapping[str, Array],
        source: str,
        wrt: tuple[str, ...] = (),
        derivative_of: Any = None,
        conventions: Mapping[str, Mapping[str, Map]] | None = None,
        work: tuple[str, ...] = (),
        differentiable: bool = True,
    ) -> None:
        update_wrapper(self, body)
        self.name, self.body = body.__name__, body
        self.args, self.wrt, self.source = dict(args), wrt, source
        self.result = {"value": result} if isinstance(result, Array) else dict(result)
        self.derivative_of, self.conventions = derivative_of, dict(conventions or {})
        self.work, self.differentiable = work, differentiable
        signature = inspect.signature(body)
        if list(signature.parameters) != list(self.args):
            raise TypeError(f"{self.name}: the declaration names {list(self.args)}, the body {list(signature.parameters)}")
        self.arrays = tuple(n for n, d in self.args.items() if not isinstance(d, Option))
        self.options = tuple(n for n, d in self.args.items() if isinstance(d, Option))
        self.bars = tuple(n for n, a in self.result.items() if a.support != "index") if differentiable else ()
        self._fields = tuple(n for n in self.options if self.args[n].field)
        self._defaults = {n: p.default for n, p in signature.parameters.items() if p.default is not p.empty}
        self._tuple = namedtuple(self.name, self.result) if len(self.result) > 1 else None  # type: ignore[misc]
        self._reads = any(isinstance(d, Array) and (d.support != "real" or d.finite or d.ordered)
                          for d in self.args.values())
        self._accepted: set[Any] = set()

    def __get__(self, *_: Any) -> "Reference":
        return self  # makes inspect.isroutine true, so that help(), signature() and doctest see a function

    def __reduce__(self) -> str:
        return self.__qualname__

    def __repr__(self) -> str:
        return f"<{'reference' if self.differentiable else 'quantity'} {self.name}>"

    def __call__(self, *args: Any, check_values: bool = True, **options: Any) -> Any:
        """The value."""
        arrays, options, half = self.bind(args, options, check_values)
        value = self.body(*arrays, **options)
        return self._returned(value[0] if self.differentiable else value, half)

    def vjp(self, *args: Any, check_values: bool = True, **options: Any) -> tuple[Any, Callable[..., dict[str, Any]]]:
        """The value and its pullback: `pullback(*bars, wrt=None)` takes one cotangent per differentiable output,
        by position or as `<output>_bar=`; one left out is zero. It returns the cotangents of `wrt` by name."""
        if not self.differentiable:
            raise TypeError(f"{self.name} has no derivative: its result is discrete, or it is not declared; call it instead")
        arrays, options, half = self.bind(args, options, check_values)
        value, inner = self.body(*arrays, **options)
        outputs = value if self._tuple else (value,)
        shown = self._returned(value, half)
        likes = [y for n, y in zip(self.result, outputs, strict=True) if n in self.bars]
        takes_wrt = "wrt" in inner.__code__.co_varnames[: inner.__code__.co_argcount]

        def pullback(*bars: Any, wrt: Any = None, **named: Any) -> dict[str, Any]:
            wrt = self.wrt if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt)
            if not set(wrt) <= set(self.wrt):
                raise ArgumentError(f"wrt must be among {', '.join(self.wrt)}, got {wrt!r}; the others have no derivative")
            bars = self._cotangents(likes, bars, named, half)
            grads = inner(*bars, wrt=wrt) if takes_wrt else inner(*bars)
            grads = {name: grads[name] for name in wrt}
            return _cast(grads, half) if half else grads

        return shown, pullback

    def value_and_grad(self, *args: Any, wrt: Any = None, check_values: bool = True, **options: Any) -> tuple[Any, Any]:
        """The mean over the batch of an objective, and the gradients of that mean by name."""
        declared = self.result.get("value")
        if not self.differentiable or declared is None or declared.support != "real" or declared.shape not in ((), ("B",)):
            raise TypeError(f"{self.name} is not an objective: use .vjp and choose the cotangents")
        value, pullback = self.vjp(*args, check_values=check_values, **options)
        xp = namespace(value)
        if value.shape == ():
            return value, pullback(xp.ones_like(value), wrt=wrt)
        if value.shape[0] == 0:
            raise ArgumentError(f"{self.name}.value_and_grad takes a mean over an empty batch; use .vjp, which needs no mean")
        return xp.mean(value), pullback(xp.full_like(value, 1 / value.shape[0]), wrt=wrt)

    def check(self, *args: Any, **options: Any) -> None:
        """Refuse wrong structure and wrong values, of device arrays too (this waits for the device)."""
        named, options = self._named(args, options)
        boundary.accept(self, named, options)
        boundary.values(self, named, everywhere=True)

    def bind(self, args: tuple[Any, ...], options: dict[str, Any], check_values: bool = True) -> Any:
        """The arrays in order, the options with Fields for their names, and the half dtype to round to, or None."""
        if self._fields:
            options = self._resolved(options)
        try:
            key = (*map(_structure, args), *options.items())
            known = key in self._accepted
        except (AttributeError, TypeError):
            key, known = None, False
        if not known:
            named, options = self._named(args, options)
            boundary.accept(self, named, options)
            if key is not None and len(args) == len(self.arrays) and len(options) == len(key) - len(args):
                if len(self._accepted) >= REMEMBERED:
                    self._accepted.clear()
                self._accepted.add(key)
            boundary.values(self, named, numbers_only=not check_values)
            args = self._arrays(named)
        elif check_values and self._reads:
            boundary.values(self, dict(zip(self.arrays, args, strict=True)))
        half = _half(args[0])
        return (tuple(_cast(x, "float32") for x in args) if half else args), options, half

    def _named(self, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if len(args) > len(self.arrays):
            what = f"; {', '.join(self.options)} are keywords" if self.options else ""
            raise ArgumentError(f"{self.name} takes {len(self.arrays)} arrays, got {len(args)}{what}")
        named: dict[str, Any] = dict(zip(self.arrays, args, strict=False))
        rest = dict(self._defaults) | (self._resolved(options) if self._fields else options)
        for name in self.arrays:
            if name in rest:
                if name in named:
                    raise ArgumentError(f"{name} was given twice, by position and by name; give it once")
                named[name] = rest.pop(name)
        for name in rest.keys() - set(self.options):
            raise ArgumentError(f"{self.name} has no argument {name!r}; it takes {', '.join(self.args)}")
        for name in self.args:
            if name not in named and name not in rest:
                raise ArgumentError(f"{name} is missing; {self.name} takes {', '.join(self.args)}")
        return named, rest

    def _resolved(self, options: dict[str, Any]) -> dict[str, Any]:
        return {n: self.args[n].known.get(x, x) if n in self._fields and isinstance(x, str) else x
                for n, x in options.items()}

    def _arrays(self, named: dict[str, Any]) -> tuple[Any, ...]:
        """In order, Python numbers as 0-d arrays like the first array; all numbers are NumPy float64."""
        found = [x for n in self.arrays for x in (named[n].values() if type(named[n]) is dict else [named[n]])
                 if not boundary.is_number(x)]
        if not found:
            import numpy as xp

            return tuple(xp.asarray(named[n], dtype=xp.float64) for n in self.arrays)
        like = found[0]
        return tuple(
            namespace(like).asarray(named[n], dtype=like.dtype, device=device(like)) if boundary.is_number(named[n])
            else named[n]
            for n in self.arrays
        )

    def _cotangents(self, likes: list[Any], bars: tuple[Any, ...], named: dict[str, Any], half: Any) -> list[Any]:
        names = [f"{name}_bar" for name in self.bars]
        if len(bars) > len(names) or not named.keys() <= set(names[len(bars):]) or not (bars or named):
            raise ArgumentError(f"the pullback of {self.name} takes {', '.join(names)}, each once, at least one; "
                                f"got {len(bars)} by position and {', '.join(named) or 'none'} by name")
        given = dict(zip(names, bars, strict=False)) | named
        full = []
        for name, like in zip(names, likes, strict=True):
            bar = given.get(name)
            if bar is None:
                full.append(namespace(like).zeros_like(like))
                continue
            if not boundary.is_array(bar) or namespace(bar) is not namespace(like) or device(bar) != device(like):
                raise DTypeError(f"{name} must be an array like the output, on its device, got {boundary._told(bar)}; convert it")
            if tuple(bar.shape) != tuple(like.shape):
                raise ArgumentError(f"{name} must have the output's shape {tuple(like.shape)}, got {tuple(bar.shape)}; "
                                    "a broadcast cotangent is a wrong gradient")
            if boundary.dtype_name(bar) != (half or boundary.dtype_name(like)):
                raise DTypeError(f"{name} must have the output's dtype {half or boundary.dtype_name(like)}, "
                                 f"got {boundary.dtype_name(bar)}; cast it")
            full.append(_cast(bar, "float32") if half else bar)
        return full

    def _returned(self, value: Any, half: Any) -> Any:
        if half:
            value = tuple(map(lambda y: _cast(y, half), value)) if self._tuple else _cast(value, half)
        return self._tuple(*value) if self._tuple else value


def _structure(x: Any) -> Any:
    kind = type(x)
    if kind is dict:
        return tuple((name, _structure(entry)) for name, entry in x.items())
    if kind.__module__ == "numpy":
        return kind, x.dtype, x.shape
    return kind, x.dtype, tuple(x.shape), x.device


def _half(x: Any) -> str | None:
    """The name of a half dtype, which is computed in float32 and rounded once; None for the others."""
    if type(x) is dict:
        x = next(iter(x.values()))
    return boundary.dtype_name(x) if getattr(x.dtype, "itemsize", 8) == 2 else None  # strict has no itemsize


def _cast(x: Any, name: str) -> Any:
    """Floating arrays (in dicts too) to another dtype; indices stay as they are."""
    if type(x) is dict:
        return {n: _cast(entry, name) for n, entry in x.items()}
    if boundary.dtype_name(x) not in boundary.FLOATS:
        return x
    xp = namespace(x)
    if name == "bfloat16" and not hasattr(xp, "bfloat16"):
        import ml_dtypes

        return x.astype(ml_dtypes.bfloat16)
    return xp.astype(x, getattr(xp, name))


def reference(**declaration: Any) -> Callable[[Callable[..., Any]], Reference]:
    """Declare a body that returns `(value, pullback)`; see `Reference` for the fields."""
    return lambda body: Reference(body, **declaration)


def quantity(**declaration: Any) -> Callable[[Callable[..., Any]], Reference]:
    """Declare a body without a derivative: it returns the value alone."""
    return lambda body: Reference(body, differentiable=False, **declaration)

