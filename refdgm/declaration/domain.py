"""What an argument or a result may be: its symbolic shape, support, law and meaning. Data, no behaviour.

An axis is a symbol ("B"), a number, or a trailing "..." for the axes of one example (`symbols`). A support is a set
of numbers that every element must lie in (`supports`). A law says that the argument is randomness, drawn by the
caller.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any

from refdgm.declaration.supports import (
    CENTRED,
    COVARIANCE,
    DIRECTION,
    INDEX,
    LOGITS,
    NONNEGATIVE,
    NONZERO,
    PORTION,
    POSITIVE,
    REAL,
    SHARE,
    SIMPLEX,
    UNIT,
    VECTOR,
    Support,
)
from refdgm.declaration.symbols import Some

Shape = tuple[str | int, ...]
STATE: Shape = ("B", "D")
NAT = 1.4426950408889634  # in bits: 1/log 2
DATA, PARAMETER, HYPER = "data", "parameter", "hyper-parameter"  # what an array is to who trains a model


@dataclass(frozen=True)
class Array:
    """An array: `shape` of symbols, its `support`, and for the reader `meaning`, `law` and the way out `instead`."""

    shape: Shape = ()
    support: Support = REAL
    law: str | None = None
    meaning: str = ""
    below: str | None = None  # an index lies in [0, size of this symbol)
    above: str | None = None  # without axes: a number that exceeds this argument before it, without axes too
    instead: str = ""  # the way out, told by the error
    finite: bool = False  # infinities are refused; NaN too where there is no axis, for it would spoil every example
    ordered: bool = False  # feeds an argmax, or what all examples share, or is a grid: NaN is refused
    distinct: bool = False  # a slope is a convention where two of its numbers are equal: drawn ones are not
    nonempty: tuple[str, Some] | None = None  # the symbol of an axis that may not be empty here
    kind: str = ""  # data, parameter or hyper-parameter; this where none is said: what has no axis of components

    def __post_init__(self) -> None:
        """A temperature, a weight, a scale, a noise level, a time, a schedule has one axis at most."""
        if not self.kind:
            object.__setattr__(self, "kind", DATA if len(self.shape) > 1 else HYPER)


@dataclass(frozen=True)
class Parameters:
    """A flat dict of arrays. `of` names the Field option that owns it, or is its layout itself. The widths `inputs` and
    `outputs` are symbols, numbers, or sums of products of them, as "2*Z" and "D+C" (`symbols.width`).

    With `stack` every entry has a leading axis of that symbol, one slice a layer: layers of one kind need no list."""

    of: Any
    inputs: str | int = "D"
    outputs: str | int = "D"
    meaning: str = ""
    kind: str = PARAMETER
    stack: str | None = None


@dataclass(frozen=True)
class Kind:
    """What a Field takes, θ aside, and what it gives: names, and shapes as those of arrays.

    Where `takes` is left out the first is the state, (B, D), and what follows are numbers: (x), or (z, t). What is
    called in two directions is no Field, and has another noun.
    """

    args: tuple[str, ...]
    takes: tuple[Shape, ...] = ()
    gives: Shape = STATE
    noun: str = "Field"

    def __post_init__(self) -> None:
        if not self.takes:
            object.__setattr__(self, "takes", self._usual())

    def __str__(self) -> str:
        each = zip(self.args, self.takes, self._usual(), strict=True)
        inputs = ", ".join(name if shape == usual else f"{name} {shown(shape)}" for name, shape, usual in each)
        return f"({inputs})" + ("" if self.gives == STATE else f" → {shown(self.gives)}")

    def _usual(self) -> tuple[Shape, ...]:
        return (STATE, *[()] * len(self.args))[: len(self.args)]


@dataclass(frozen=True)
class Option:
    """A static keyword: one of `words`, a whole number of at least `least`, or a Field of the kind `field`.

    A whole number may be required to be a multiple of another, and to be at most the size of the symbol `most`; it
    may be the size of an axis of a result by its name.
    """

    words: tuple[str, ...] = ()
    least: int | None = None
    multiple: int = 1
    most: str | None = None
    field: Kind | None = None
    known: Mapping[str, Any] = dataclass_field(default_factory=dict)  # fields by name
    refused: Mapping[str, str] = dataclass_field(default_factory=dict)  # what one might expect: why not, what else
    meaning: str = ""


@dataclass(frozen=True)
class Limit:
    """The pullback tends to the derivative of the value as `option` grows, with the order given by a word option."""

    option: str
    word: str
    orders: Mapping[str, int]


@dataclass(frozen=True)
class Map:
    """theirs = slope · ours + shift, elementwise; `per` divides by the size of a symbol ("...": of all its axes). Under
    a name that an argument and a result share it is one of the result."""

    slope: float = 1.0
    shift: float = 0.0
    per: str | None = None


@dataclass(frozen=True)
class Exchange:
    """Another quantity in the place of the argument `ours`, which others determine with it: what the field passes.

    `there` makes it from our arguments by name, `back` makes ours from it under the name `theirs` and from the others.
    `pulled` makes, of our arguments and our gradients, the gradients in theirs that are not ours: the one of `theirs`
    stands under our name."""

    ours: str
    theirs: str
    words: str  # theirs in ours, for the reader
    there: Callable[[Mapping[str, Any]], Any]
    back: Callable[[Mapping[str, Any]], Any]
    pulled: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


def shown(shape: Shape) -> str:
    """(B, D), (B,), ()."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def real(*shape: str | int, **more: Any) -> Array:
    return Array(shape, REAL, **more)


def logits(*shape: str | int, **more: Any) -> Array:
    """Unnormalised log-probabilities: −∞ is allowed, +∞ is not, and not every entry of a row may be −∞."""
    return Array(shape, LOGITS, **more)


def positive(*shape: str | int, **more: Any) -> Array:
    return Array(shape, POSITIVE, **more)


def nonnegative(*shape: str | int, **more: Any) -> Array:
    """0 or positive, and finite: a weight that may be none."""
    return Array(shape, NONNEGATIVE, **more)


def unit(*shape: str | int, **more: Any) -> Array:
    """Strictly between 0 and 1."""
    return Array(shape, UNIT, **more)


def portion(*shape: str | int, **more: Any) -> Array:
    """Above 0 and at most 1: what is left of a whole, which may be all of it."""
    return Array(shape, PORTION, **more)


def share(*shape: str | int, **more: Any) -> Array:
    """From 0 to 1, both among them: how much of one thing is taken in place of another."""
    return Array(shape, SHARE, **more)


def centred(*shape: str | int, **more: Any) -> Array:
    """From −1 to 1, both among them: levels of a grid around zero."""
    return Array(shape, CENTRED, **more)


def simplex(*shape: str | int, **more: Any) -> Array:
    """Rows that sum to one. Of an argument every entry is positive, and the sum is one within 2⁻⁷, the rounding of
    bfloat16: a stored sample passes. A result may touch the boundary (one-hot)."""
    return Array(shape, SIMPLEX, **more)


def direction(*shape: str | int, **more: Any) -> Array:
    """Finite, and of no example is everything zero: what a length is divided by. The first axis is that of examples."""
    return Array(shape, DIRECTION, **more)


def vector(*shape: str | int, **more: Any) -> Array:
    """Finite, and of no row is everything zero, along the last axis: what a length is divided by."""
    return Array(shape, VECTOR, **more)


def nonzero(*shape: str | int, **more: Any) -> Array:
    """Finite and not 0, of either sign: what is divided by."""
    return Array(shape, NONZERO, **more)


def covariance(symbol: str, **more: Any) -> Array:
    """A square matrix, symmetric and without a negative eigenvalue, as far as it may have been rounded to bfloat16."""
    return Array((symbol, symbol), COVARIANCE, **more)


def index(*shape: str | int, below: str, **more: Any) -> Array:
    return Array(shape, INDEX, below=below, **more)


def noise(law: str, *shape: str | int, **more: Any) -> Array:
    """Randomness, drawn by the caller: "normal", "gumbel", "rademacher" or "uniform"."""
    return Array(shape, SHARE if law == "uniform" else REAL, law=law, finite=True, **more)


def ordered(array: Array) -> Array:
    return replace(array, ordered=True)


def parameters(
    of: Any, inputs: str | int = "D", outputs: str | int = "D", meaning: str = "θ, parameters",
    stack: str | None = None,
) -> Parameters:
    return Parameters(of, inputs, outputs, meaning, stack=stack)


def word(*words: str, refused: Mapping[str, str] | None = None, meaning: str = "") -> Option:
    return Option(words=words, refused=refused or {}, meaning=meaning)


def count(least: int = 1, multiple: int = 1, meaning: str = "", most: str | None = None) -> Option:
    return Option(least=least, multiple=multiple, most=most, meaning=meaning)


def field(*names: str, known: Mapping[str, Any], refused: Mapping[str, str] | None = None, meaning: str = "",
          takes: tuple[Shape, ...] = (), gives: Shape = STATE) -> Option:
    return Option(field=Kind(names, takes, gives), known=known, refused=refused or {}, meaning=meaning)


def bijection(known: Mapping[str, Any], meaning: str = "") -> Option:
    """A map of states that can be asked both ways."""
    return Option(field=Kind(("x",), noun="Bijection"), known=known, meaning=meaning)


def shift(by: float) -> Map:
    return Map(1.0, by)


def scale(by: float, per: str | None = None) -> Map:
    return Map(by, 0.0, per)
