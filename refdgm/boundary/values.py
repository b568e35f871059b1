"""Whether elements lie in the support of their argument: of Python numbers always, of arrays where asked to.

Reading elements waits for a device, so for arrays there it is done by `ref.check` alone.
"""

import ctypes
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any

from refdgm.declaration.domain import Array
from refdgm.errors import ArgumentError
from refdgm.namespace import namespace

ROUNDING = 2.0**-7  # of bfloat16, the coarsest dtype in which a point of the simplex may have been stored


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
            if domain.support not in ("real", "logits") or not xp.all(xp.isfinite(x)):  # nearly always all are
                _elements(name, domain, x, accepted.sizes)


def _single(x: float) -> float:
    """The nearest float32."""
    return ctypes.c_float(x).value


def _number(name: str, domain: Array, x: Any, rounded: Callable[[Any], float]) -> None:
    try:
        number = rounded(x)
    except OverflowError:  # an int beyond every float
        number = float("inf")
    if domain.support == "positive":
        good = 0 < number < float("inf")
    elif domain.support == "unit":
        good = 0 < number < 1
    elif domain.support == "portion":
        good = 0 < number <= 1
    elif domain.support == "share":
        good = 0 <= number <= 1
    else:
        good = isfinite(number) or not (domain.finite or (domain.ordered and isnan(number)))
    if not good:
        held = f" (in this dtype {number})" if x == x != number else ""
        got = x if is_number(x) else float(x)
        raise ArgumentError(f"{name} must be {_words(domain)}, got {got}{held}{_way(domain, number)}")


def _elements(name: str, domain: Array, x: Any, sizes: dict[str, Any]) -> None:
    xp = namespace(x)
    if domain.support == "index":
        bad = (x < 0) | (x >= sizes[str(domain.below)])
    elif domain.support in ("positive", "simplex", "unit"):
        bad = ~((x > 0) & (x < (1 if domain.support == "unit" else float("inf"))))
    elif domain.support == "portion":
        bad = ~((x > 0) & (x <= 1))
    elif domain.support == "share":
        bad = ~((x >= 0) & (x <= 1))
    elif domain.support == "logits":
        bad = x == float("inf")
        empty = xp.all(x == -float("inf"), axis=-1)
        if xp.any(empty):
            if empty.shape == ():
                raise ArgumentError(f"{name} must have a finite entry, got only −∞; make one category possible")
            row = list(_first(xp, empty))
            raise ArgumentError(f"{name} must have a finite entry in every row, got only −∞ in row {row}; leave it out")
    else:
        bad = xp.isinf(x) if domain.finite else x != x
    if domain.ordered:
        bad = bad | xp.isnan(x)
    if xp.any(bad):
        at = _first(xp, bad)
        got = float(x[at])
        raise ArgumentError(f"{name} must be {_words(domain)}, got {got} at {list(at)}{_way(domain, got)}")
    if domain.support == "simplex":
        total = xp.sum(x, axis=-1, dtype=xp.float32)
        far = xp.abs(total - 1) > ROUNDING  # a stored sample passes; weights, logits, log-probabilities do not
        if xp.any(far):
            at = _first(xp, far)
            raise ArgumentError(f"{name} must have rows that sum to one, got the sum {float(total[at]):g} in row "
                                f"{list(at)}; divide by the sum")


def _first(xp: Any, bad: Any) -> tuple[int, ...]:
    flat = int(xp.argmax(xp.astype(xp.reshape(bad, (-1,)), xp.int8)))
    at = []
    for size in reversed(bad.shape):
        at.append(flat % size)
        flat //= size
    return tuple(reversed(at))


def _words(domain: Array) -> str:
    said = {"real": "finite" if domain.finite else "a number", "positive": "positive and finite",
            "unit": "strictly between 0 and 1", "portion": "above 0 and at most 1", "share": "from 0 to 1",
            "simplex": "positive and finite", "logits": "below +∞",
            "index": f"a whole number from 0 to {domain.below} − 1"}[domain.support]
    return said + (" and never NaN" if domain.ordered and said != "a number" else "")


def _way(domain: Array, got: float) -> str:
    """The declared way out; without axes it is told of finite numbers, and of +∞ where nothing finite is refused."""
    if domain.instead and (domain.shape or isfinite(got) or (domain.support == "real" and got > 0)):
        return f"; {domain.instead}"
    if domain.shape[:1] == ("B",):
        return "; clean or leave out such examples before the call"
    return f"; choose {'other numbers' if domain.shape else 'another number'}"
