"""A score in [0, 1], and the time of the candidate: beside the verdict, and no part of it."""

from collections.abc import Iterable
from statistics import median
from typing import Any

from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.verdicts import ILL, NONE, PASSING


def scores(checked: Checked) -> dict[str, float | None]:
    """`value`: the share of the cases asked in which every output agrees; `gradient`: that in which every gradient
    does, of those with gradients to compare, None where there are none; `score`: their mean. What lost digits agrees. A
    case without an answer agrees in nothing, one in which nothing has digits to compare is left out."""
    value, gradient = (_share(_told(checked, kind)) for kind in ("output.", "gradient."))
    both = [share for share in (value, gradient) if share is not None]
    return {"score": sum(both) / len(both) if both else 0.0, "value": value, "gradient": gradient}


def score(found: Iterable[Checked]) -> float:
    """The mean over all functions; one that is missing has 0, and so has nothing at all."""
    every = [scores(checked)["score"] or 0.0 for checked in found]
    return sum(every) / len(every) if every else 0.0


def _told(checked: Checked, kind: str) -> list[bool]:
    """Case by case: whether all of this kind agrees."""
    found = [_agrees(result, kind) for result in checked.results]
    return [agrees for agrees in found if agrees is not None]


def _agrees(result: Result, kind: str) -> bool | None:
    """None where there is nothing of this kind to compare."""
    asked = kind == "output." or bool(result.question.bars_asked and result.question.terms.gradients)
    if not result.outcomes:
        return False if asked else None
    outcomes = [o for o in result.outcomes if o.role.startswith(kind) and not _idle(o)]
    return all(outcome.verdict in PASSING for outcome in outcomes) if outcomes else None


def _idle(outcome: Outcome) -> bool:
    return outcome.spared or outcome.verdict in (ILL, NONE)


def _share(told: list[bool]) -> float | None:
    return sum(told) / len(told) if told else None


def seconds(found: Iterable[Checked]) -> dict[str, float | None]:
    """Of the candidate's own calls, value and gradients together: the median of a case, and all of them."""
    each = [result.seconds for checked in found for result in checked.results if result.seconds is not None]
    return {"median": median(each) if each else None, "total": sum(each) if each else None}


def timed(found: list[Checked]) -> list[tuple[str, str]]:
    """A line of it for the terminal."""
    took: dict[str, Any] = seconds(found)
    if took["median"] is None:
        return []
    return [(f"its own time: {_told_seconds(took['median'])} a case (median), {_told_seconds(took['total'])} in all; "
             "no part of the verdict", "dim")]


def _told_seconds(x: float) -> str:
    return f"{x:.3g} s" if x >= 1 else f"{1e3 * x:.3g} ms" if x >= 1e-3 else f"{1e6 * x:.0f} µs"
