"""What a platform's elementary functions err by: `"elementary"` in an entry, or `--elementary exp=60,log=4`.

An exponential of a unit or two in the last place is no law: fast modes of compilers and some accelerators err by tens
or hundreds. Who says so is judged by it: what a question moves when these functions err by as much, in the reference
and in the forms of its definition, is allowed besides what rounding costs. A number of ulps is of the dtype in which
sums are added up, which in half precision is float32.
"""

from collections.abc import Mapping
from typing import Any

from refdgm.errors import ArgumentError

# By the function that a platform has, what NumPy calls those that are made of it.
FUNCTIONS = {
    "exp": ("exp", "exp2", "expm1", "sinh", "cosh", "tanh", "logaddexp"),
    "log": ("log", "log2", "log10", "log1p", "logaddexp"),
    "tanh": ("tanh",),
    "sqrt": ("sqrt",),
    "sin": ("sin",),
    "cos": ("cos",),
    "power": ("power", "float_power"),
    "divide": ("divide", "reciprocal"),
}
MOST = 4096.0  # ulps: in float32 the last three and a half of seven digits
FORM = '{"exp": 60}, in ulps'


def elementary(given: Any, whose: str = "") -> dict[str, float]:
    """From `{"exp": 60}`; ArgumentError where it is none, which calls it `whose`."""
    what = whose or "elementary"
    if not isinstance(given, Mapping):
        raise ArgumentError(f"{what} must be a dictionary such as {FORM}, got a {type(given).__name__}")
    for name, ulps in given.items():
        if name not in FUNCTIONS:
            raise ArgumentError(f"{what} names {str(name)[:60]!r}, which is not among {', '.join(FUNCTIONS)}")
        if isinstance(ulps, bool) or not isinstance(ulps, int | float) or not 0 < ulps <= MOST:
            raise ArgumentError(f"{what}: {name} must be a number of ulps above 0 and at most {MOST:g}, "
                                f"got {f'{ulps:g}' if isinstance(ulps, int | float) else repr(ulps)[:60]}")
    return {name: float(ulps) for name, ulps in given.items()}


def parsed(text: str) -> dict[str, float]:
    """From `exp=60,log=4`, as a command has it."""
    found: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, ulps = part.partition("=")
        try:
            found[name.strip()] = float(ulps)
        except ValueError:
            raise ArgumentError(f"--elementary must be like exp=60,log=4, in ulps, got {part[:60]!r}") from None
    if not found:
        raise ArgumentError("--elementary names no function; it is like exp=60,log=4, in ulps")
    return elementary(found, "--elementary")


def by_operation(given: Mapping[str, float]) -> dict[str, float]:
    """The ulps of each of NumPy's functions, the most where several of these are in it."""
    found: dict[str, float] = {}
    for name, ulps in given.items():
        for operation in FUNCTIONS[name]:
            found[operation] = max(ulps, found.get(operation, 0.0))
    return found


def said(given: Mapping[str, float]) -> str:
    """`exp within 60 ulp and log within 4 ulp`."""
    return " and ".join(f"{name} within {ulps:g} ulp" for name, ulps in given.items())
