"""Plain relations between answers and the right ones: zeros, one number throughout, a factor, a near miss."""

import math
from fractions import Fraction
from typing import Any

import numpy as np

from refdgm.check.diagnosis.common import FEW, told_of
from refdgm.check.diagnosis.mistakes import Pairs, plain, tolerance_of
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.verdicts import DIFFERS, PASSING
from refdgm.declaration.domain import Array

FACTORS = {-1.0: "−1 ×", 2.0: "2 ×", 0.5: "½ ×", -2.0: "−2 ×", -0.5: "−½ ×", 4.0: "4 ×", 0.25: "¼ ×"}
SOLID = 1e4  # tolerances: an element so large tells a factor
NEAR = 1e-3  # of one: so little more or less is no factor that anyone meant
SAYING = 3  # numbers at least that show a factor which is none of the usual
ALIKE = 30.0  # times the smallest error may the largest be where all cases have the same
SINGLE = (
    'right to float32, not to float64: if something inside computes in float32, declare "dtype": "float32" or use '
    "--dtype float32"
)


def relation(pairs: Pairs) -> str:
    """What is to be said of one role after "equals"; nothing where there is no plain relation."""
    if any(o.arrays is None or o.arrays[0].dtype.kind != "f" or o.arrays[1].dtype.kind not in "fiu" for _, o in pairs):
        return ""
    return plain(pairs) or factor(pairs)


def factor(pairs: Pairs) -> str:
    """One constant for all elements, or the size of an axis, in all cases or in nearly all."""
    for text, times_of in _candidates(pairs):
        left, said = [], 0
        for result, outcome in pairs:
            times = times_of(result)
            saying = _saying(result, outcome, times)
            if saying is None or (outcome.verdict == DIFFERS and not saying):
                left.append(result.question.case)
            else:
                said += saying
        told = f"{text} the right one"
        if said and not left:
            return f"{told}, in all cases"
        if said and len(left) <= FEW * len(pairs):
            return f"{told} in {len(pairs) - len(left)} of {len(pairs)} cases; not in {told_of(left)}"
    return ""


def _candidates(pairs: Pairs) -> list[tuple[str, Any]]:
    usual = [(text, lambda _, c=c: c) for c, text in FACTORS.items()]
    measured = _measured(pairs)
    every = [_sizes(result) for result, _ in pairs]
    axes = [symbol for symbol in every[0] if all(sizes.get(symbol) for sizes in every)]
    by_axis = [(text, lambda result, symbol=symbol, power=power: float(_sizes(result)[symbol]) ** power)
               for symbol in axes for text, power in ((f"1/{symbol} of", -1), (f"{symbol} ×", 1))]
    return [*usual, *by_axis, *([(measured[0], lambda _: measured[1])] if measured else [])]


def _sizes(result: Result) -> dict[str, int]:
    """What its axes are long, by symbol, in the order of the declaration; "..." is the numbers of all of its axes."""
    question, sizes = result.question, dict[str, int]()
    for name, domain in question.ref.args.items():
        if not isinstance(domain, Array) or name not in question.inputs:
            continue
        shape, symbols = question.inputs[name].shape, domain.shape
        if symbols[-1:] == ("...",):
            sizes.setdefault("...", math.prod(shape[len(symbols) - 1:]))
        for symbol, size in zip(symbols, shape, strict=False):
            if isinstance(symbol, str) and symbol != "...":
                sizes.setdefault(symbol, size)
    return sizes


def _saying(result: Result, outcome: Any, times: float) -> int | None:
    """How many elements show this factor; None where one contradicts it."""
    expected, got = outcome.arrays
    tolerance = tolerance_of(result)
    with np.errstate(all="ignore"):
        for allowed in (tolerance.loose, tolerance.loosest):
            error, most = np.abs(got - times * expected), (1 + abs(times)) * allowed(outcome.role)
            if (error <= most).all():
                return int(np.sum(np.abs((times - 1) * expected) > most))
    return None


def _measured(pairs: Pairs) -> tuple[str, float] | None:
    """The ratio in the element that tells it best, in words, where it is neither near one nor near zero."""
    best, found, many = SOLID, None, 0
    for result, outcome in pairs:
        expected, got = outcome.arrays or (np.zeros(0), np.zeros(0))
        if outcome.verdict != DIFFERS or not expected.size:
            continue
        with np.errstate(all="ignore"):
            weight = np.nan_to_num(np.abs(expected) / tolerance_of(result).loose(outcome.role), posinf=0.0)
        at = np.unravel_index(int(np.argmax(weight)), weight.shape)
        many += int(np.sum(weight > SOLID))
        if weight[at] > best:
            best, found = float(weight[at]), float(got[at] / expected[at])
    if found is None or not np.isfinite(found) or many < SAYING or abs(found - 1) <= NEAR or abs(found) <= NEAR:
        return None
    simple = Fraction(found).limit_denominator(64)
    exact = abs(float(simple) - found) <= 100 / best * abs(found)
    return (f"{simple} ×", float(simple)) if exact else (f"{found:.6g} ×", found)


def near_miss(checked: Checked, differing: dict[str, Pairs]) -> str:
    """By how much all is off, where that is little, and of one size in all cases: as by an epsilon."""
    relative, absolute = [], []
    for result, outcome in (pair for pairs in differing.values() for pair in pairs):
        if outcome.verdict != DIFFERS:
            continue
        expected, got = outcome.arrays or (np.zeros(0), np.zeros(0))
        if not expected.size or expected.dtype.kind != "f" or not np.isfinite(got).all():
            return ""
        with np.errstate(all="ignore"):
            error = np.abs(got - expected)
            wrong = error > tolerance_of(result).loosest(outcome.role)
            if not wrong.any():  # beyond what is loose, within what is loosest
                return ""
            of = np.abs(expected)
            relative += [float(np.max((error / np.where(of > 0, of, np.max(of)))[wrong]))]
            absolute += [float(np.max(error[wrong]))]
    if len(relative) < SAYING or not 0 < max(relative) <= NEAR:
        return ""
    for sizes, kind in ((relative, "relative"), (absolute, "absolute")):
        if max(sizes) <= ALIKE * min(sizes):
            size = float(np.median(sizes))
            return (
                f"off by about {size:.0e} {kind} wherever it differs, which does not shrink with the roundoff: "
                "as by an epsilon, or a constant that was rounded"
            )
    return ""


def right_to_float32(checked: Checked) -> bool:
    """Whether the answers of all cases, not good enough in float64, would do in float32, and err as float32 does: to
    both sides, or in numbers that are exact in it."""
    if checked.dtype != "float64" or checked.coarse:
        return False
    outcomes = [o for result in checked.results for o in result.outcomes]
    digits = float(np.median([o.digits for o in outcomes if o.verdict == DIFFERS]))
    if any(o.arrays is None for o in outcomes) or not 4 <= digits <= 9 or _leans(outcomes):
        return False
    return all(
        outcome.verdict in PASSING
        for result in checked.results
        for outcome in compare(
            Tolerance(result.question, "float32"),
            {o.role: o.arrays[1] for o in result.outcomes if o.arrays is not None},
            [],
        )
    )


def _leans(outcomes: list[Any]) -> bool:
    """Whether numbers that float32 has not are nearly all too large, or nearly all too small."""
    sides: list[Any] = []
    for o in outcomes:
        expected, got = o.arrays
        if o.verdict != DIFFERS or not o.role.startswith("output.") or expected.dtype.kind != "f":
            continue
        with np.errstate(all="ignore"):
            if np.array_equal(got, got.astype(np.float32)):
                return False
            off = (got - expected) / np.abs(expected)
        sides.append(np.sign(off[np.abs(off) > 1e-10]).ravel())
    signs = np.concatenate(sides) if sides else np.zeros(0)
    return bool(signs.size >= 20 and max(np.mean(signs > 0), np.mean(signs < 0)) >= 0.98)


