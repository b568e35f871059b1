"""Whether elements lie in the support of their argument: of Python numbers always, of arrays where asked to.

Reading elements waits for a device, so for arrays there it is done by `ref.validate` alone.
"""

import ctypes
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any

from refdgm.declaration.domain import Array
from refdgm.declaration.supports import A_NUMBER, Rows
from refdgm.declaration.symbols import EXAMPLES
from refdgm.errors import ArgumentError
from refdgm.namespace import namespace


def is_number(x: Any) -> bool:
    return type(x) in (int, float)


def values(ref: Any, args: tuple[Any, ...], accepted: Any, arrays: bool) -> None:
    """Refuse elements outside their support: of Python numbers, and of arrays where asked to."""
    for i, name, domain in ref.restricted:
        x = args[i]
        if is_number(x):
            _number(name, domain, x, _single if accepted.single else float)
        elif arrays and x.shape == ():
            _number(name, domain, x, float)
        elif arrays:
            xp = namespace(x)
            if not domain.support.line or not xp.all(xp.isfinite(x)):  # nearly always all are
                _elements(name, domain, x, accepted.sizes)
        if domain.above:
            low = args[ref.arrays.index(domain.above)]
            if arrays or (is_number(x) and is_number(low)):
                _above(name, domain.above, float(x), float(low), _single if accepted.single else float)


def _single(x: float) -> float:
    """The nearest float32."""
    return ctypes.c_float(x).value


def _number(name: str, domain: Array, x: Any, rounded: Callable[[Any], float]) -> None:
    x = x.detach() if hasattr(x, "detach") else x  # torch warns where a tensor that it traces becomes a number
    try:
        number = rounded(x)
    except OverflowError:  # an int beyond every float
        number = float("inf")
    good = domain.support.holds(number) and (isfinite(number) or not domain.finite)
    if isnan(number) and domain.ordered:
        good = False
    if not good:
        held = f" (in this dtype {number})" if x == x != number else ""
        got = x if is_number(x) else float(x)
        raise ArgumentError(f"{name} must be {_words(domain)}, got {got}{held}{_way(domain, number)}")


def _above(name: str, other: str, x: float, low: float, rounded: Callable[[Any], float]) -> None:
    if not rounded(x) > rounded(low):
        raise ArgumentError(f"{name} must be above {other}, got {x} for {low}; exchange them or choose another number")


def _elements(name: str, domain: Array, x: Any, sizes: dict[str, Any]) -> None:
    xp, support = namespace(x), domain.support
    wrong = [~support.inside(x)] if support.inside else []
    wrong += [xp.isinf(x)] if domain.finite else []
    wrong += [xp.isnan(x)] if domain.ordered else []
    wrong += [x >= sizes[domain.below]] if domain.below else []
    bad = wrong.pop() if wrong else None
    for more in wrong:
        bad = bad | more
    if bad is not None and xp.any(bad):
        at = _first(xp, bad)
        got = float(x[at])
        raise ArgumentError(f"{name} must be {_words(domain)}, got {got} at {list(at)}{_way(domain, got)}")
    if support.rows:
        _rows(name, support.rows, xp, x)


def _rows(name: str, rows: Rows, xp: Any, x: Any) -> None:
    """Refuse rows that are not, as a whole, what the support says."""
    measured = rows.measure(xp, x)
    bad = ~rows.good(xp, measured)
    if xp.any(bad):
        at = _first(xp, bad)
        must, instead = rows.alone if rows.alone and not at else (rows.must, rows.instead)
        where = f" in {'row' if rows.axes == 1 else 'matrix'} {list(at)}" if at else ""
        raise ArgumentError(f"{name} must have {must}, got {rows.got(measured[at])}{where}; {instead}")


def _first(xp: Any, bad: Any) -> tuple[int, ...]:
    flat = int(xp.argmax(xp.astype(xp.reshape(bad, (-1,)), xp.int8)))
    at = []
    for size in reversed(bad.shape):
        at.append(flat % size)
        flat //= size
    return tuple(reversed(at))


def _words(domain: Array) -> str:
    said = (domain.finite and domain.support.finite) or domain.support.words.format(below=domain.below)
    return said + (" and never NaN" if domain.ordered and said != A_NUMBER else "")


def _way(domain: Array, got: float) -> str:
    """The declared way out; without axes it is told of finite numbers, and of +∞ where nothing finite is refused."""
    if domain.instead and (domain.shape or isfinite(got) or (domain.support.line and got > 0)):
        return f"; {domain.instead}"
    if domain.shape and domain.shape[0] in EXAMPLES:
        return "; clean or leave out such examples before the call"
    return f"; choose {'other numbers' if domain.shape else 'another number'}"
