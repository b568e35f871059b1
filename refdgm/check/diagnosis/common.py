"""What the cases that differ have in common, and those that agree have not: an option, a size, a number, a flag."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from refdgm.cases import AROUND, Case
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.verdicts import DIFFERS, ILL, PASSING
from refdgm.evidence import find

Column = tuple[str, tuple[bool, ...]]  # a condition, and whether it holds, case by case
BOTH = 2  # cases at least on either side, before two conditions together say anything
FEW = 0.15  # of the cases may contradict what all others say, and it is still worth saying
UNTOLD = {"later"}  # flags that say when a case was added, and nothing of what it asks


def where(checked: Checked) -> str:
    """In a few words; nothing where no condition or pair of conditions separates the cases exactly."""
    told = [r for r in checked.results if r.verdict == DIFFERS or (r.verdict in PASSING and r.verdict != ILL)]
    differs = tuple(result.verdict == DIFFERS for result in told)
    if not any(differs) or all(differs):
        return ""
    columns = [column for column in _conditions(checked.ref.name, told) if len(set(column[1])) == 2]
    negated = tuple(not x for x in differs)
    for text, holds in columns:
        if holds == differs:
            return f"only where {text}"
    for text, holds in columns:
        if holds == negated:
            return f"everywhere but where {text}"
    if min(sum(differs), sum(negated)) < BOTH:
        return ""
    for (one, a), (other, b) in combinations(columns, 2):
        for text, holds in (
            (f"{one} and {other}", tuple(x and y for x, y in zip(a, b, strict=True))),
            (f"{one} or {other}", tuple(x or y for x, y in zip(a, b, strict=True))),
        ):
            if holds == differs:
                return f"only where {text}"
            if holds == negated:
                return f"everywhere but where {text}"
    return ""


def told_of(cases: list[Case]) -> str:
    """The numbers of cases, with their flags."""
    said = lambda case: case.id.rpartition("/")[2] + (f" ({', '.join(case.flags)})" if case.flags else "")
    return ", ".join(map(said, cases))


def _conditions(reference: str, results: list[Result]) -> list[Column]:
    """The plainest first, each only once."""
    seen: dict[tuple[bool, ...], str] = {}
    for text, holds in (*_options(results), *_sizes(results), *_numbers(results), *_flags(reference, results)):
        seen.setdefault(holds, text)
    return [(text, holds) for holds, text in seen.items()]


def _options(results: list[Result]) -> Iterator[Column]:
    for name in results[0].question.case.options:
        values = [result.question.case.options[name] for result in results]
        for value in dict.fromkeys(values):
            yield f"{name} = {value}", tuple(x == value for x in values)
        if all(isinstance(x, int) for x in values):
            for least in sorted(set(values))[1:]:
                yield f"{name} ≥ {least}", tuple(x >= least for x in values)


def _sizes(results: list[Result]) -> Iterator[Column]:
    """One of an axis, and two axes of one size. `hidden` and `...` are lists: what is said is their length."""
    every: list[dict[str, Any]] = [result.question.case.about.get("sizes", {}) for result in results]
    symbols = [symbol for symbol in every[0] if all(symbol in sizes for sizes in every)]
    single = [symbol for symbol in symbols if all(isinstance(sizes[symbol], int) for sizes in every)]
    for symbol in single:
        for size in (1, 2):
            yield f"{symbol} = {size}", tuple(sizes[symbol] == size for sizes in every)
        for size in sorted({sizes[symbol] for sizes in every if sizes[symbol] >= min(AROUND)}):
            yield f"{symbol} ≥ {size}", tuple(sizes[symbol] >= size for sizes in every)
    for one, other in combinations(single, 2):
        yield f"{one} = {other}", tuple(sizes[one] == sizes[other] for sizes in every)
    for symbol in (symbol for symbol in symbols if symbol not in single):
        lengths = [len(sizes[symbol]) if isinstance(sizes[symbol], (list, tuple)) else 1 for sizes in every]
        for length in sorted(set(lengths)):
            axes = "an example has" if symbol == "..." else f"{symbol} has"
            named = f"{length} axes" if length != 1 else "one axis"
            yield f"{axes} {named if symbol == '...' else f'{length} layers'}", tuple(n == length for n in lengths)


def _numbers(results: list[Result]) -> Iterator[Column]:
    """Where an argument that is one number lies, and what an array is full of."""
    for name in results[0].question.inputs:
        arrays = [result.question.inputs.get(name) for result in results]
        if any(x is None or x.dtype.kind != "f" for x in arrays):
            continue
        if all(x is not None and x.shape == () for x in arrays):
            values = [float(x) for x in arrays if x is not None]
            for limit in (0, 1):
                yield f"{name} = {limit}", tuple(v == limit for v in values)
                yield f"{name} < {limit}", tuple(v < limit for v in values)
                yield f"{name} > {limit}", tuple(v > limit for v in values)
        else:
            yield f"{name} is zero", tuple(x is not None and not x.any() for x in arrays)
            yield f"{name} holds infinities", tuple(x is not None and bool(np.isinf(x).any()) for x in arrays)


def _flags(reference: str, results: list[Result]) -> Iterator[Column]:
    notes = find.notes(reference)
    for flag in dict.fromkeys(flag for result in results for flag in result.question.case.flags):
        if flag not in UNTOLD:
            said = notes.get(flag, "").partition(":")[0]
            text = f"the case is “{flag}”" + (f" ({said})" if said else "")
            yield text, tuple(flag in result.question.case.flags for result in results)
