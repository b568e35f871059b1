"""Run a reference and its textbook definition in balls, compare them, and round what both enclose.

A case is a dict of arguments by name, in the order of the body; θ is a dict of arrays. Results come back
flat, under names such as ``x`` and ``theta.W1``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_series

from . import balls as xp
from .agreement import Disagrees, Wide, require_overlap, require_tight
from .balls import BallArray, Undecided, precision
from .elements import slope as slope_of
from .rounding import Unrounded, round_balls

__all__ = ["Certificate", "Certified", "Disagrees", "Refused", "ball", "certify", "enclose",
           "gradient_by_series", "slope"]


class Refused(ArithmeticError):
    """The case cannot be certified: a tie, a kink, or no precision within the limit is enough."""


def ball(x: Any) -> Any:
    """Exact balls of an array or a number (the binary number that it is); of a dict, entry by entry."""
    return {name: ball(entry) for name, entry in x.items()} if isinstance(x, Mapping) else xp.asarray(x)


def flat(named: Mapping[str, Any]) -> dict[str, BallArray]:
    """One level of nesting becomes a dotted name."""
    out = {}
    for name, x in named.items():
        out.update({f"{name}.{entry}": y for entry, y in x.items()} if isinstance(x, Mapping) else {name: x})
    return out


def _outputs(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, tuple) else (result,)


def _differentiable(outputs: Iterable[Any]) -> list[BallArray]:
    return [y for y in outputs if y is not None and y.dtype is xp.ball]


def _bars(bars: Any) -> list[BallArray]:
    """The cotangents in order, from one array, a sequence, or a dict in the order of the outputs."""
    if isinstance(bars, Mapping):
        bars = list(bars.values())
    return [ball(b) for b in bars] if isinstance(bars, (list, tuple)) else [ball(bars)]


def enclose(
    body: Callable[..., Any], arrays: Mapping[str, Any], options: Mapping[str, Any], bars: Any, bits: int
) -> tuple[tuple[BallArray, ...], dict[str, BallArray]]:
    """The outputs of a body and the cotangents that its pullback returns, as balls. A quantity has none."""
    with precision(bits):
        result = body(*(ball(x) for x in arrays.values()), **options)
        if not (isinstance(result, tuple) and callable(result[-1])):
            return _outputs(result), {}
        value, pullback = result
        return _outputs(value), flat(pullback(*_bars(bars)))


def _moved(x: Any, direction: Any) -> Any:
    """x + ε · direction; an element that stands still stays a plain ball."""
    if isinstance(x, Mapping):
        return {name: _moved(x[name], direction[name]) if name in direction else x[name] for name in x}
    move = np.frompyfunc(lambda v, d: v if d == 0 else arb_series([v, d]), 2, 1)
    return BallArray(move(xp.astype(x, xp.ball).raw, xp.astype(direction, xp.ball).raw))


def slope(
    function: Callable[..., Any], arguments: Mapping[str, Any], name: str, direction: Any, bars: Any
) -> arb:
    """An enclosure of d/dε ⟨bars, function(arguments with arguments[name] + ε · direction)⟩ at ε = 0.

    By series of value and slope, at the precision of the moment. Outputs that are None or integers have no
    bar.
    """
    arguments = ball(arguments)
    moved = {**arguments, name: _moved(arguments[name], ball(direction))}
    total = BallArray(arb(0))
    for bar, y in zip(_bars(bars), _differentiable(_outputs(function(**moved))), strict=True):
        if bar.shape != y.shape:
            raise ValueError(f"a cotangent of shape {bar.shape} for an output of shape {y.shape}")
        total = total + xp.sum(bar * y)
    return slope_of(total.raw[()])


def gradient_by_series(
    function: Callable[..., Any], arguments: Mapping[str, Any], wrt: Iterable[str], bars: Any
) -> dict[str, BallArray]:
    """The gradient of ⟨bars, function⟩ for the arguments `wrt`, one coordinate at a time, by flat names."""
    arguments = ball(arguments)
    out = {}
    for name in wrt:
        parts = arguments[name] if isinstance(arguments[name], Mapping) else {None: arguments[name]}
        for entry, x in parts.items():
            gradient = np.empty(x.shape, dtype=object)
            for index in np.ndindex(x.shape):
                unit = np.zeros(x.shape, dtype=np.int64)
                unit[index] = 1
                direction = unit if entry is None else {entry: unit}
                gradient[index] = slope(function, arguments, name, direction, bars)
            out[name if entry is None else f"{name}.{entry}"] = BallArray(gradient)
    return out


@dataclass(frozen=True)
class Certified:
    """One array: the correctly rounded numbers and the largest relative radius of the balls behind them.

    (The radius is absolute where a ball contains zero. Integers stand as they are in both formats.)
    """

    float64: np.ndarray
    float32: np.ndarray
    radius: float


@dataclass(frozen=True)
class Certificate:
    """What was proved of one case: its numbers by name, the bits it took, the digits on which both agree."""

    outputs: dict[str, Certified]
    gradients: dict[str, Certified]
    bits: int
    digits: float


def certify(
    body: Callable[..., Any],
    oracle_value: Callable[..., Any],
    oracle_surrogate: Callable[..., Any] | None,
    arguments: Mapping[str, Any],
    options: Mapping[str, Any],
    wrt: Sequence[str],
    bars: Any,
    digits: int = 40,
    bits: int = 192,
    most_bits: int = 4096,
    outputs: Sequence[str] | None = None,
) -> Certificate:
    """Prove that a body computes its definition and the derivative of it, and round both correctly.

    `oracle_value(xp, **arguments, **options)` is the textbook definition. The pullback is held against the
    series of `oracle_surrogate(xp, held, **arguments, **options)`, where there is one, else of the value
    (for a derivative that is on purpose another reference's, pass that one's oracle, ignoring `held`).
    A Field among the options reaches the oracle as its name. `outputs` names the outputs; a single one is
    called ``value``. An empty `wrt` compares no gradient.

    Required: all balls finite and tight, oracle and body overlapping to `digits` digits, integers equal.
    The rounded numbers are those of the *oracle's* balls, for the value and (by series) for the gradient:
    these are rigorous, whereas a body may cut a series at the precision of the moment (`agreement.py`).
    On a tie or a wide ball the bits are doubled up to `most_bits`; then the case is :class:`Refused`.
    Raises :class:`Disagrees` where the two enclose different numbers.
    """
    named = {name: getattr(choice, "name", choice) for name, choice in options.items()}
    while True:
        try:
            with precision(bits):
                held = ball(arguments)
                definition = _outputs(oracle_value(xp, **held, **named))

                def function(held=held, **moved):
                    if oracle_surrogate is not None:
                        return oracle_surrogate(xp, held, **moved, **named)
                    return oracle_value(xp, **moved, **named)

                slopes = gradient_by_series(function, held, wrt, bars) if wrt else {}
                ours, gradients = enclose(body, held, options, bars, bits)
                return _certificate(outputs, ours, definition, gradients, slopes, bits, digits)
        except (Undecided, Wide, Unrounded) as reason:
            if 2 * bits > most_bits:
                raise Refused(str(reason)) from reason
            bits *= 2


def _certificate(names, ours, definition, gradients, slopes, bits, digits):
    if len(ours) != len(definition):
        raise Disagrees("the number of outputs", (), len(ours), len(definition))
    names = names or (["value"] if len(ours) == 1 else [f"output{i}" for i in range(len(ours))])
    agreed = []

    def judged(name, mine, theirs):
        if theirs.dtype is not xp.ball or mine.dtype is not xp.ball:
            return _integers(name, mine, theirs)
        require_tight(f"our {name}", mine.raw, bits)
        radius = require_tight(name, theirs.raw, bits)
        agreed.append(require_overlap(name, mine.raw, theirs.raw, bits, digits))
        return Certified(round_balls(theirs.raw, "float64"), round_balls(theirs.raw, "float32"), radius)

    missing = slopes.keys() - gradients.keys()
    if missing:
        raise Disagrees("the pullback", (), sorted(gradients), f"also {sorted(missing)}")
    return Certificate(
        {name: judged(name, a, b) for name, a, b in zip(names, ours, definition, strict=True)},
        {name: judged(f"the gradient for {name}", gradients[name], b) for name, b in slopes.items()},
        bits,
        min(agreed, default=float("inf")),
    )


def _integers(name, mine, theirs):
    if mine.dtype != theirs.dtype or mine.shape != theirs.shape:
        raise Disagrees(f"{name}, the type", (), (mine.dtype, mine.shape), (theirs.dtype, theirs.shape))
    for index in np.ndindex(theirs.shape):
        if mine.raw[index] != theirs.raw[index]:
            raise Disagrees(name, index, mine.raw[index], theirs.raw[index])
    return Certified(theirs.raw, theirs.raw, 0.0)
