"""A reference: a function that computes a value and hands back how it is differentiated, with its declaration.

`@reference` wraps a body that returns `(value, pullback)`; `@quantity` wraps one that has no derivative and
returns the value alone. Calling the result validates the arguments (`boundary`); `.body` is the plain function.
"""

import inspect
from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any

from refdgm.boundary import structure as boundary
from refdgm.boundary.conversion import as_arrays, cast, flatten
from refdgm.boundary.values import is_number, values
from refdgm.declaration.domain import HYPER, Array, Exchange, Map, Option
from refdgm.declaration.supports import REAL
from refdgm.declaration.symbols import Bound, Derived
from refdgm.declaration.words import signature_of
from refdgm.errors import ArgumentError
from refdgm.namespace import namespace

REMEMBERED = 4096  # accepted structures kept before all are forgotten


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
        exchanges: Mapping[str, Exchange] | None = None,
        work: tuple[str, ...] = (),
        bounds: Mapping[str, Bound] | None = None,
        derived: Mapping[str, Derived] | None = None,
        differentiable: bool = True,
    ) -> None:
        update_wrapper(self, body)
        self.name, self.body = body.__name__, body
        self.args, self.wrt, self.source = dict(args), wrt, source
        self.result = {"value": result} if isinstance(result, Array) else dict(result)
        self.derivative_of, self.conventions = derivative_of, dict(conventions or {})
        self.exchanges = dict(exchanges or {})  # conventions too
        self.work, self.differentiable, self.bounds = work, differentiable, dict(bounds or {})
        self.derived = dict(derived or {})  # sizes that no argument has
        parameters = inspect.signature(body).parameters
        if list(parameters) != list(self.args):
            raise TypeError(f"{self.name}: the declaration names {list(self.args)}, the body {list(parameters)}")
        self.__signature__ = signature_of(body, self.args, self.result)
        self.arrays = tuple(n for n, d in self.args.items() if not isinstance(d, Option))
        self.indices = tuple(i for i, n in enumerate(self.arrays) if getattr(self.args[n], "support", REAL).integer)
        self.options = tuple(n for n, d in self.args.items() if isinstance(d, Option))
        self.bars = tuple(n for n, a in self.result.items() if not a.support.integer) if differentiable else ()
        self.restricted = tuple((i, n, d) for i, (n, d) in enumerate((n, self.args[n]) for n in self.arrays)
                                if isinstance(d, Array) and (d.support.inside or d.finite or d.ordered))
        self.hyper = tuple(n for n in wrt if self.args[n].kind == HYPER)  # whose gradients few ask for
        self.objective = differentiable and self.bars == ("value",) and self.result["value"].shape in (("B",), ())
        self._defaults = {n: p.default for n, p in parameters.items() if p.default is not p.empty}
        self._tuple = _named_tuple(self) if len(self.result) > 1 else None
        self._accepted: dict[Any, boundary.Accepted] = {}

    def __get__(self, *_: Any) -> "Reference":
        return self  # makes inspect.isroutine true, so that help(), signature() and doctest see a function

    def __reduce__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{'reference' if self.differentiable else 'quantity'} {self.name}>"

    def _repr_markdown_(self) -> str:
        """In a notebook, a page of what is declared and known. What is known lies further out, and is imported then."""
        from importlib import import_module

        return import_module("refdgm.cli.notebook").page(self)

    def __call__(self, *args: Any, check_values: bool = True, **options: Any) -> Any:
        """The value."""
        args, options, half = self.bind(args, options, check_values)
        value = self.body(*args, **options)
        if self.differentiable:
            value = value[0]
        return self._returned(value, half) if half or self._tuple else value

    def vjp(self, *args: Any, check_values: bool = True, **options: Any) -> tuple[Any, Callable[..., dict[str, Any]]]:
        """The value and its pullback: `pullback(*bars, wrt=None)` takes one cotangent per differentiable output,
        by position or as `<output>_bar=`; one left out is zero. It returns the cotangents of `wrt` by name.
        It reads inputs and results again: leave them as they are until it has been called."""
        if not self.differentiable:
            raise TypeError(f"{self.name} has no derivative, for its result is discrete; call it instead")
        args, options, half = self.bind(args, options, check_values)
        value, inner = self.body(*args, **options)
        shown = self._returned(value, half)
        likes = [y for n, y in zip(self.result, shown, strict=True) if n in self.bars] if self._tuple else [shown]

        def pullback(*bars: Any, wrt: Any = None, **named: Any) -> dict[str, Any]:
            chosen, full = self._chosen(wrt), self._cotangents(likes, bars, named)
            return self._gradients(inner, cast(full, "float32") if half else full, chosen, half)

        return shown, pullback

    def value_and_grad(self, *args: Any, wrt: Any = None, check_values: bool = True, **options: Any) -> tuple[Any, Any]:
        """The mean over the batch of an objective, and the gradients of that mean by name; one that is a single number
        for all of its examples is its own mean."""
        if not self.objective:
            raise TypeError(f"{self.name} is not an objective: use .vjp and choose the cotangents")
        chosen = self._chosen(wrt)
        args, options, half = self.bind(args, options, check_values)
        each = self.result["value"].shape == ("B",)
        if each and args[0].shape[0] == 0:
            raise ArgumentError(f"{self.name}.value_and_grad must have an example to take the mean over, got an empty "
                                "batch; use .vjp, which takes no mean")
        value, inner = self.body(*args, **options)
        xp = namespace(value)
        bar = xp.full_like(value, 1 / value.shape[0] if each else 1.0)
        return cast(xp.mean(value), half), self._gradients(inner, [bar], chosen, half)

    def answers(self, case: Any, body: Callable[..., Any] | None = None) -> dict[str, Any]:
        """What a body, its own where none is given, makes of a case, by flat name: "output.value",
        "gradient.theta.W1". Nothing is validated or converted."""
        given = case.arguments()
        made = (body or self.body)(*(given[n] for n in self.arrays), **self.resolved(case.options))
        value, pullback = made if self.differentiable else (made, None)
        found = {f"output.{n}": y for n, y in zip(self.result, value if self._tuple else (value,), strict=True)}
        if pullback:
            grads = pullback(*case.cotangents())
            found |= {f"gradient.{n}": x for n, x in flatten({n: grads[n] for n in self.wrt}).items()}
        return found

    def sized(self, sizes: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The sizes, the options that count, and what follows from both."""
        full = {**sizes, **{n: options[n] for n in self.options if self.args[n].least is not None}}
        return full | {symbol: size.of(full) for symbol, size in self.derived.items()}

    def resolved(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options as a body takes them: Fields for their names."""
        return {n: self.args[n].known.get(x, x) if type(x) is str and n in self.options else x
                for n, x in options.items()}

    def validate(self, *args: Any, **options: Any) -> None:
        """Refuse wrong structure and wrong elements, of device arrays too (this waits for the device)."""
        named, options = self._named(args, options)
        accepted = boundary.accept(self, named, options)
        values(self, tuple(named[n] for n in self.arrays), accepted, arrays=True)

    def bind(self, args: tuple[Any, ...], options: dict[str, Any], check_values: bool = True) -> Any:
        """The arrays in order, the options with Fields for their names, and the half dtype to round to, or None."""
        rest = self.arrays[len(args):]
        if rest and options.keys() >= {*rest}:  # arrays by name take their places
            options = dict(options)
            args = (*args, *[options.pop(n) for n in rest])
        try:  # an option's type is part of its structure, for 1 == True == 1.0
            key = tuple([_structure(x) if (kind := type(x)) in _OTHERS
                         else (kind, x.dtype, x.shape, x.device, getattr(x, "layout", None)) for x in args])
            if options:
                key = (*key, *options.items(), *map(type, options.values()))
            accepted = self._accepted.get(key)
        except (AttributeError, TypeError):
            key, accepted = (), None
        if accepted is None:
            named, full = self._named(args, options)
            accepted = boundary.accept(self, named, full)
            if key and len(args) == len(self.arrays):
                if len(self._accepted) >= REMEMBERED:
                    self._accepted.clear()
                self._accepted[key] = accepted
            args = tuple(named[n] for n in self.arrays)
        _, _, host, half, _, numbers = accepted
        if half:
            args = tuple(x if is_number(x) else cast(x, "float32") for x in args)
        if check_values is True:
            read = host and self.restricted
        elif check_values is False:
            read = ()
        else:
            raise ArgumentError(f"check_values must be True or False, got {check_values!r}; pass one of them")
        if numbers or read:
            values(self, args, accepted, arrays=bool(read))
        return as_arrays(args, self.indices) if numbers else args, accepted.options, half

    def _named(self, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if len(args) > len(self.arrays):
            keywords = "are keywords" if len(self.options) > 1 else "is a keyword"
            what = f"; {', '.join(self.options)} {keywords}" if self.options else "; pass these alone"
            raise ArgumentError(f"{self.name} takes {', '.join(self.arrays)} by position, got {len(args)}{what}")
        named: dict[str, Any] = dict(zip(self.arrays, args, strict=False))
        rest = self._defaults | self.resolved(options)
        for name in options:
            if name not in self.args:
                raise ArgumentError(f"{self.name} has no argument {name!r}; it takes {', '.join(self.args)}")
            if name in named:
                raise ArgumentError(f"{name} was given twice, by position and by name; give it once")
        named |= {n: rest.pop(n) for n in self.arrays if n in rest}
        for name in self.args:
            if name not in named and name not in rest:
                way = boundary.allowed(self.args[name]) or f"{self.name} takes {', '.join(self.args)}"
                raise ArgumentError(f"{name} is missing; {way}")
        return named, rest

    def _chosen(self, wrt: Any) -> tuple[str, ...]:
        try:
            wrt = self.wrt if wrt is None else (wrt,) if isinstance(wrt, str) else tuple(wrt)
        except TypeError:  # neither a name nor several
            wrt = (wrt,)
        if not all(type(name) is str and name in self.wrt for name in wrt):
            raise ArgumentError(f"wrt must be among {', '.join(self.wrt)}, got {', '.join(map(str, wrt))}; "
                                "the others have no derivative")
        return wrt

    def _cotangents(self, likes: list[Any], bars: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        names = [f"{name}_bar" for name in self.bars]
        if len(bars) > len(names) or not named.keys() <= set(names[len(bars):]) or not (bars or named):
            got = f"{len(bars)} by position" + (f" and {', '.join(named)} by name" if named else "")
            way = "each once, at least one" if len(names) > 1 else "it once"
            raise ArgumentError(f"the pullback of {self.name} takes {', '.join(names)}, got {got}; pass {way}")
        full = []
        for i, (name, like) in enumerate(zip(names, likes, strict=True)):
            bar = bars[i] if i < len(bars) else named.get(name)
            if bar is None:
                bar = namespace(like).zeros_like(like)
            elif type(bar) is not type(like) or _structure(bar) != _structure(like):  # scalar, 0-d: may yet be alike
                boundary.cotangent(name, like, bar)
            full.append(bar)
        return full

    def _gradients(self, inner: Callable[..., Any], bars: list[Any], wrt: tuple[str, ...], half: Any) -> dict[str, Any]:
        code = inner.__code__
        takes_wrt = "wrt" in code.co_varnames[: code.co_argcount]
        grads = inner(*bars, wrt=wrt) if takes_wrt else inner(*bars)
        return {name: cast(grads[name], half) for name in wrt}

    def _returned(self, value: Any, half: str | None) -> Any:
        if half:
            value = cast(value, half)
        return self._tuple(*value) if self._tuple else value


_OTHERS = {dict, float, int}  # whatever else comes is an array, or is refused for want of a dtype


def _structure(x: Any) -> Any:
    kind = type(x)
    if kind is dict:
        return (*x, *[_structure(entry) for entry in x.values()])
    if kind is float or kind is int:
        return kind
    return kind, x.dtype, x.shape, x.device, getattr(x, "layout", None)  # torch's: a sparse one is no array here


def _named_tuple(ref: Reference) -> Any:
    """The class of several outputs. A result is pickled by its reference: the class is found in no module."""
    fields: Any = namedtuple(ref.name, ref.result)  # type: ignore[misc]
    reduced = lambda outputs: (_outputs, (ref, *outputs))
    return type(ref.name, (fields,), {"__slots__": (), "__module__": ref.__module__, "__reduce__": reduced})


def _outputs(ref: Reference, *outputs: Any) -> Any:
    """A result again, from its pickle."""
    return ref._returned(outputs, None)


def reference(**declaration: Any) -> Callable[[Callable[..., Any]], Reference]:
    """Declare a body that returns `(value, pullback)`; see `Reference` for the fields."""
    return lambda body: Reference(body, **declaration)


def quantity(**declaration: Any) -> Callable[[Callable[..., Any]], Reference]:
    """Declare a body without a derivative: it returns the value alone."""
    return lambda body: Reference(body, differentiable=False, **declaration)
