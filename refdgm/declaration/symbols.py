"""The sizes of axes, one row a symbol: what it counts, how many where nobody says, and whether there may be none.

To add a symbol is to add a row: cases, vectors, lanes and property tests read their sizes from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple


class Some(NamedTuple):
    """Where an empty axis has no meaning: one of what is counted, and the way out."""

    one: str
    instead: str


class Bound(NamedTuple):
    """Of what a symbol counts a reference takes no fewer and no more: that has no meaning, or costs too much."""

    least: int = 0
    most: int | None = None
    why: str = ""  # "it lists 2^H states"

    def holds(self, size: int) -> bool:
        return self.least <= size and (self.most is None or size <= self.most)

    def nearest(self, size: int) -> int:
        """The size that is allowed."""
        return max(self.least, size if self.most is None else min(size, self.most))

    def __str__(self) -> str:
        limits = [f"at least {self.least}"] * (self.least > 0) + [f"at most {self.most}"] * (self.most is not None)
        return " and ".join(limits)


class Derived(NamedTuple):
    """A size that follows from other sizes and from options that count: who has chosen these has chosen it."""

    words: str  # "U/stride, rounded up"
    of: Callable[[Mapping[str, Any]], int]  # of the sizes and the counts, by symbol and name


@dataclass(frozen=True)
class Symbol:
    """Sizes are whole numbers, or tuples of them where the symbol stands for several axes or layers."""

    meaning: str
    drawn: Any  # in a case that is drawn
    vectors: Any  # in the shipped vectors, where a case does not say
    lane: Any  # where not the numbers are tested but the library beneath
    tried: tuple[Any, ...] = (3, 2, 4, 1)  # by property tests; 1 last: there softmax is constant, so it proves least
    steps: bool = False  # one after the other: each may carry all of the rest
    apart: bool = False  # no Jacobian of a network is taken along it
    some: Some | None = None  # refused where empty, of whatever argument it is an axis

    @property
    def several(self) -> bool:
        """Whether it takes several numbers."""
        return isinstance(self.drawn, tuple)

    def alike(self, size: int) -> Any:
        """This size for each of its numbers."""
        return (size,) * len(self.lane) if self.several else size


SYMBOLS: dict[str, Symbol] = {
    "B": Symbol("examples of the batch", drawn=5, vectors=5, lane=3, apart=True),
    "M": Symbol("examples of a second batch", drawn=4, vectors=7, lane=4, tried=(4, 3, 2, 1), apart=True),
    "D": Symbol("components of the data", drawn=3, vectors=3, lane=2),
    "K": Symbol("categories, keys, codes or components of a mixture", drawn=7, vectors=7, lane=4,
                some=Some("category", "leave it out of the objective")),
    "G": Symbol("groups of channels", drawn=2, vectors=2, lane=3, tried=(2, 3, 1)),
    "R": Symbol("directions or probes of an example", drawn=2, vectors=2, lane=2),
    "E": Symbol("outputs of a network", drawn=4, vectors=2, lane=3),
    "L": Symbol("levels of noise, or layers of a flow", drawn=2, vectors=2, lane=2, steps=True),
    "H": Symbol("hidden units", drawn=2, vectors=2, lane=3, tried=(2, 3, 4, 1)),
    "Z": Symbol("components of a latent vector", drawn=4, vectors=2, lane=3, tried=(2, 3, 4, 1)),
    "N": Symbol("positions of a sequence or of a latent grid", drawn=3, vectors=3, lane=2),
    "C": Symbol("components of a condition", drawn=2, vectors=2, lane=3, tried=(2, 3, 1)),
    "T": Symbol("steps, or points of a grid", drawn=4, vectors=6, lane=4, steps=True),
    "U": Symbol("rows of an image", drawn=7, vectors=7, lane=5, tried=(4, 3, 5, 1)),
    "V": Symbol("columns of an image", drawn=5, vectors=5, lane=4, tried=(3, 5, 2, 1)),
    "I": Symbol("rows of a kernel", drawn=3, vectors=3, lane=2),
    "J": Symbol("columns of a kernel", drawn=2, vectors=2, lane=3, tried=(2, 3, 4, 1)),
    "P": Symbol("rows of the image that comes out", drawn=4, vectors=4, lane=3),
    "Q": Symbol("columns of the image that comes out", drawn=6, vectors=6, lane=4),
    "...": Symbol("the axes of one example", drawn=(3, 2), vectors=(3, 2), lane=(2,), tried=((2,), (), (2, 3))),
    "hidden": Symbol("widths of the hidden layers", drawn=(7, 6), vectors=(7,), lane=(4, 3),
                     tried=((3,), (4, 3), ()), apart=True),
}
EXAMPLES = ("B", "M")  # the first axis of an argument that has one for each example


def sizes(what: str) -> dict[str, Any]:
    """Those of "drawn", "vectors" or "lane", by symbol."""
    return {symbol: getattr(row, what) for symbol, row in SYMBOLS.items()}


def factors(width: str | int) -> list[list[str]]:
    """Of a width that is a sum of products, as "2*Z", "N*Z" or "D+C": its terms, each by its symbols and numbers."""
    return [term.strip().split("*") for term in str(width).split("+")]


def width(text: str | int, sizes: Mapping[str, Any]) -> int:
    """A width in numbers: of a symbol, of a number, or of a sum of products of them."""
    return sum(prod(int(each) if each.isdigit() else sizes[each] for each in term) for term in factors(text))


def alike(size: int) -> dict[str, Any]:
    """One size for every symbol."""
    return {symbol: row.alike(size) for symbol, row in SYMBOLS.items()}
