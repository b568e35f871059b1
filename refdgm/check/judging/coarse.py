"""Whether a reduction of half-precision data is added up in half precision.

Who rounds every operation to the dtype, and adds up in float32, is off by about the *spread* of the tolerance, however
long the sums are. A coarse accumulator rounds every partial sum: its error against that spread grows with the length,
as its square root. The median of a whole array tells it long before one element is beyond its bound, and one axis after
the other is made longer to see it grow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from refdgm.check.dtypes import BITS, SMALLEST, accumulator
from refdgm.check.judging.checked import Checked, Result, verdict_of
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import Arrays
from refdgm.check.questions.cases import LONG, long
from refdgm.check.questions.question import Question
from refdgm.check.verdicts import AGREES, DIFFERS, NONE, PASSING, ROUGH
from refdgm.reference import Reference

Ask = Callable[[Question], Arrays | None]

FAR = 0.8  # spreads of the median error; of right code it was 0.28 at most
GROWS = 2.0  # from the shortest to the longest, sixty times as long: √60 where every step rounds
SHORT = 64  # an axis below which what passes is not suspected: there is too little to add up
LEAST = 0.3  # spreads from which growth is counted


def look(checked: Checked, ask: Ask) -> None:
    """Change the outcomes of roles whose error grows with a reduction, and say with which axis."""
    results = [r for r in checked.results if _coarse_data(r.question)]
    suspects = {o.role for r in results for o in r.outcomes if _suspect(r, o)}
    if not suspects:
        return
    first = results[0].question
    grown = growing(first.ref, lambda case: Question(first.ref, case, first.terms, first.dtype), ask, suspects)
    for role, (symbol, sizes) in grown.items():
        touched = [(result, outcome) for result in results for outcome in result.outcomes
                   if outcome.role == role and _suspect(result, outcome) and _right_in_float32(result, outcome, ask)]
        for result, outcome in touched:
            outcome.verdict, outcome.note = ROUGH, f"accumulates in {first.dtype}"
            result.verdict = verdict_of(result.outcomes, result.coarse)
        if touched:
            told = ", ".join(f"{z:.2g}" for z in sizes)
            lengths = ", ".join(map(str, LONG))
            name = role.removeprefix("output.")
            checked.noted(f"{name} accumulates in {first.dtype}: the error is {told} times that of rounding "
                          f"every operation once at {symbol} = {lengths}; if that is meant, say "
                          f"--accumulate {first.dtype}")


def growing(
    ref: Reference, question: Callable[[Any], Question], ask: Ask, roles: set[str]
) -> dict[str, tuple[str, list[float]]]:
    """By role: the axis with whose length the error grows, and the median errors, in spreads."""
    found: dict[str, tuple[str, list[float]]] = {}
    for symbol, cases in long(ref).items():
        errors: dict[str, list[float]] = {role: [] for role in roles - found.keys()}
        for case in cases:
            asked = question(case)
            reply = None if asked.meaningless else ask(asked)
            if reply is None:
                break
            tolerance = Tolerance(asked, asked.dtype)
            for role, sizes in errors.items():
                if role in reply and role in asked.expected and reply[role].shape == asked.expected[role].shape:
                    sizes.append(off(tolerance, role, asked.expected[role], reply[role]))
        for role, sizes in errors.items():
            if len(sizes) == len(LONG) and sizes[-1] >= FAR and sizes[-1] >= GROWS * max(sizes[0], LEAST):
                found[role] = symbol, sizes
    return found


def off(tolerance: Tolerance, role: str, expected: Any, got: Any) -> float:
    """The median error of an array in spreads; of no numbers, or where all is exact, nothing. What is below the normal
    numbers of the dtype is not counted: it has lost its digits on the way, and no sum did it."""
    with np.errstate(all="ignore"):
        shares = np.abs(got - expected) / tolerance.spread(role)
    shares = shares[np.isfinite(shares) & (np.abs(expected) >= SMALLEST[tolerance.dtype])]
    return float(np.median(shares)) if shares.size else 0.0


def _coarse_data(question: Question) -> bool:
    inner = accumulator(question.dtype, question.terms.accumulate)
    return BITS[question.dtype] < BITS["float32"] and BITS[inner] > BITS[question.dtype]


def _suspect(result: Result, outcome: Outcome) -> bool:
    if outcome.verdict in (AGREES, NONE) or outcome.arrays is None or result.tolerance is None:
        return False
    expected, got = outcome.arrays
    if expected.dtype.kind != "f" or expected.shape != got.shape:
        return False
    if outcome.verdict == DIFFERS:
        return bool(np.isfinite(got).all())  # beyond the range is another matter
    long_enough = any(n >= SHORT for x in result.question.inputs.values() for n in x.shape)
    return long_enough and off(result.tolerance, outcome.role, expected, got) >= FAR


def _right_in_float32(result: Result, outcome: Outcome, ask: Ask) -> bool:
    """What passes needs no such witness."""
    if outcome.verdict in PASSING:
        return True
    asked = result.question
    other = Question(asked.ref, asked.as_rounded, asked.terms, "float32")
    answers = ask(other)
    if answers is None or outcome.role not in answers:
        return False
    return any(o.role == outcome.role and o.verdict in PASSING
               for o in compare(Tolerance(other, "float32"), answers, []))
