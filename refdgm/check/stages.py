"""The stages of a shipped case in numbers, and the first in which somebody's departs.

The numbers are those of the definition in balls, each rounded once; without python-flint they are NumPy's in float64.
How far a stage may be off is measured as a tolerance is: by what it moves when inputs and operations err by a rounding.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.check.dtypes import BITS, SMALLEST
from refdgm.check.noise import noise, noisy, perturbed
from refdgm.check.numbers import Arrays
from refdgm.errors import RefdgmError
from refdgm.evidence.stages import text

C, SEEDS, FINEST = 8.0, 8, 2.0**-36  # as `tolerance.py` has them
BITS_FIRST, BITS_MOST = 192, 4096


@dataclass(frozen=True)
class Stage:
    """One stage of one case: what it is, and its numbers."""

    name: str
    says: str
    right: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Seen:
    """A stage of somebody's: `wrong` says how it departs, and is empty where it does not."""

    name: str
    wrong: str = ""
    share: float = 0.0  # the largest error, of what it may be


def proven() -> bool:
    """Whether the numbers come from balls."""
    return find_spec("flint") is not None


def stages(case: Case) -> list[Stage]:
    """Of a case of a reference that has stages."""
    return [Stage(name, says, x) for name, says, x in (_rounded(case) if proven() else _plain(case))]


def _plain(case: Case) -> list[tuple[str, str, Any]]:
    with np.errstate(all="ignore"):
        return [(name, says, np.array(x, np.float64)) for name, says, x in _text(case, np, case.arguments())]


def _rounded(case: Case) -> list[tuple[str, str, Any]]:
    from refdgm.certify import balls
    from refdgm.certify.elements import Undecided
    from refdgm.certify.enclose import ball
    from refdgm.certify.rounding import Unrounded, round_balls

    bits = BITS_FIRST
    while True:
        try:
            with balls.precision(bits):
                found = _text(case, balls, ball(case.arguments()))
                return [(name, says, round_balls(x.raw)) for name, says, x in found]
        except (Undecided, Unrounded):
            if 2 * bits > BITS_MOST:
                raise
            bits *= 2


def _text(case: Case, xp: Any, arguments: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    found = text(case.reference)
    if found is None:
        raise RefdgmError(f"{case.reference} has no stages; `refdgm stages` lists the references that have")
    return found(xp, **arguments, **case.options)


def allowed(case: Case, right: list[Stage], dtype: str) -> Arrays:
    """By stage, what each element may be off in this dtype."""
    roundoff = 2.0 ** -BITS[dtype]
    delta = max(roundoff, FINEST)
    moved: Arrays = {one.name: np.zeros(one.right.shape) for one in right}
    base = {name: x for name, _, x in _plain(case)}
    for seed in range(SEEDS):
        with noise(seed, delta):
            given = {name: noisy(perturbed(x)) for name, x in case.arguments().items()}
            for name, _, x in _text(case, np, given):
                change = np.abs(np.asarray(x) - base[name]) * (roundoff / delta)
                moved[name] = np.maximum(moved[name], np.where(np.isfinite(change), change, 0.0))
    return {one.name: C * (moved[one.name] + np.abs(base[one.name] - one.right) + roundoff * np.abs(one.right))
            + SMALLEST[dtype] for one in right}


def compared(case: Case, mine: Arrays) -> list[Seen]:
    """Each stage that is there, in order; an array may lack the axes of length one that a number of an example has."""
    right = stages(case)
    unknown = [name for name in mine if name not in {one.name for one in right}]
    if unknown:
        raise RefdgmError(f"{case.id} has no stage {unknown[0]!r}; there are {', '.join(one.name for one in right)}")
    coarsest = "float32" if any(x.dtype == np.float32 for x in mine.values()) else "float64"
    bounds = allowed(case, right, coarsest)
    return [_seen(one, mine[one.name], bounds[one.name]) for one in right if one.name in mine]


def _seen(one: Stage, got: Any, bound: Any) -> Seen:
    if got.dtype not in (np.float32, np.float64):
        return Seen(one.name, f"is of {got.dtype}; write it as float32 or float64")
    if got.size != one.right.size:
        return Seen(one.name, f"has the shape {got.shape}, right is {one.right.shape}")
    got = got.astype(np.float64).reshape(one.right.shape)
    with np.errstate(all="ignore"):
        off = np.where(got == one.right, 0.0, np.abs(got - one.right))
        share = np.where(np.isnan(off), np.inf, off / bound)
    if not share.size or share.max() <= 1:
        return Seen(one.name, share=float(share.max(initial=0.0)))
    at = np.unravel_index(int(np.argmax(share)), share.shape)
    place = f"[{', '.join(map(str, at))}] " if at else ""
    return Seen(one.name, f"{place}is {got[at]:.9g}, right is {one.right[at]:.9g}", float(share.max()))
