"""The cases for a candidate that has no choice: those of its words, and all others at its numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case, options_grid
from refdgm.check.questions.cases import fresh, tiles
from refdgm.errors import ArgumentError, RefdgmError
from refdgm.reference import Reference


def held(ref: Reference, cases: list[Case], fixed: Mapping[str, Any]) -> list[Case]:
    """The cases that are left; where none has the number of an option, fresh ones that have it."""
    options = {name: x for name, x in fixed.items() if name in ref.options}
    numbers = {name: float(x) for name, x in fixed.items() if name not in ref.options}
    found = [case for case in cases if all(case.options[name] == x for name, x in options.items())]
    if not found:
        found = fresh(ref, None, None, options)
    found = [case for case in (_at(case, numbers) for case in found) if _valid(ref, case)]
    if not found:
        told = ", ".join(f"{name} = {x}" for name, x in fixed.items())
        raise ArgumentError(f"{ref.name}: fixed must leave a case to ask, got {told}, which none of its cases admits; "
                            "choose other values")
    return found


def longer(ref: Reference, seed: int, fixed: Mapping[str, Any]) -> list[Case]:
    """Cases with one long axis for who has only these options and numbers."""
    options = {name: x for name, x in fixed.items() if name in ref.options}
    grid = options_grid(ref, options)
    numbers = {name: float(x) for name, x in fixed.items() if name not in ref.options}
    return [case for case in (_at(case, numbers) for case in tiles(ref, seed, grid)) if _valid(ref, case)]


def _at(case: Case, numbers: Mapping[str, float]) -> Case:
    """The case with these numbers, and where they are not its own without its answers."""
    moved = {f"input.{name}": np.full_like(case.arrays[f"input.{name}"], x) for name, x in numbers.items()}
    if all(np.array_equal(x, case.arrays[role]) for role, x in moved.items()):
        return case
    asked = {role: x for role, x in case.arrays.items() if role.startswith(("input.", "cotangent."))}
    return replace(case, arrays=asked | moved)


def _valid(ref: Reference, case: Case) -> bool:
    given = case.arguments()
    try:
        ref.validate(*(given[name] for name in ref.arrays), **case.options)
    except RefdgmError:
        return False
    return True
