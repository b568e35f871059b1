"""What a wrong answer is equal to: a convention of the field, a known mistake, a plain factor.

Nothing is named on likeness: a mistake must equal the candidate in all cases to tolerance, in one where it clearly
differs from the reference; a convention must hold in every case for the value and for every gradient (`engine.py`
asks again and compares afresh).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from refdgm.check import conventions
from refdgm.check.compare import DIFFERS, ILL, PASSING, Outcome
from refdgm.check.judge import Terms
from refdgm.check.tolerance import C, Tolerance
from refdgm.testing.cases import Case

if TYPE_CHECKING:
    from refdgm.check.engine import Checked, Result

Again = Callable[[Terms, list[Case]], "Checked"]  # the candidate asked once more, in other terms
Pairs = list[tuple["Result", Outcome]]
_NONE: tuple[Any, Any] = (np.zeros(0), np.zeros(0))
FEW = 0.15  # of the cases may contradict what all others say, and it is still worth saying
SAMPLE = 5  # cases that differ, asked before all of them are
CLEARLY = 100.0  # tolerances by which a mistake must differ from the reference to be seen
FACTORS = {-1.0: "−1 ×", 2.0: "2 ×", 0.5: "½ ×", -2.0: "−2 ×", -0.5: "−½ ×", 4.0: "4 ×", 0.25: "¼ ×"}


def under_a_convention(checked: "Checked", terms: Terms, again: Again) -> "Checked | None":
    """What comes of it under the convention, not declared, in which all cases agree; one of nearly all is noted."""
    nearly: tuple[int, str] = (0, "")
    for name in () if terms.convention else conventions.of(checked.ref.name):
        other = replace(terms, convention=name)
        if not _promising(checked, other, again):
            continue
        found = again(other, [result.question.case for result in checked.results])
        if found.verdict in PASSING and found.verdict != ILL:
            found.convention, found.notes = name, checked.notes
            return found
        left = [result.question.case for result in found.results if result.verdict not in PASSING]
        agree, many = len(found.results) - len(left), len(found.results)
        if len(left) <= FEW * many and agree > nearly[0]:
            told = f"agrees under the convention “{name}” in {agree} of {many} cases; not in {_cases(left)}"
            nearly = agree, told
    if nearly[1]:
        checked.notes.append(nearly[1])
    return None


def _promising(checked: "Checked", other: Terms, again: Again) -> bool:
    """Whether most of a few cases that differ agree under another convention."""
    few = [result.question.case for result in checked.results if result.verdict == DIFFERS][:SAMPLE]
    return 2 * sum(result.verdict in PASSING for result in again(other, few).results) >= len(few)


def _cases(cases: list[Case]) -> str:
    return ", ".join(f"{case.id.rpartition('/')[2]} ({', '.join(case.flags)})" for case in cases)


def named(checked: "Checked") -> list[tuple[list[str], str]]:
    """What the roles that differ are equal to, if to anything known: (roles, what is to be said of them)."""
    differing = {
        role: pairs
        for role, pairs in checked.by_role().items()
        if any(o.verdict == DIFFERS for _, o in pairs)
    }
    differing = {role: pairs for role, pairs in differing.items() if all(o.arrays for _, o in pairs)}
    equal = {
        role: [m for m in _known(checked.ref.name) if _equals(pairs, m.body)]
        for role, pairs in differing.items()
    }
    asked, wrong = {_short(role) for role in checked.by_role()}, {_short(role) for role in differing}
    said: dict[str, list[str]] = {}
    for role, pairs in differing.items():
        if equal[role]:
            # several may explain this role: the one that would show in just the roles that differ
            best = min(equal[role], key=lambda m: len((set(m.reveals) & asked) ^ wrong))
            seen = f" Seen: {best.seen}." if best.seen else ""
            said.setdefault(f"the known mistake {best.name}: {best.what}{seen}", []).append(role)
        elif factor := _factor(pairs):
            said.setdefault(f"{factor} the right one, in all cases", []).append(role)
    return [(roles, text) for text, roles in said.items()]


def _short(role: str) -> str:
    return role.removeprefix("output.")


def _known(reference: str) -> list[Any]:
    from refdgm.mistakes import of

    return list(of(reference))


def _equals(pairs: Pairs, body: Any) -> bool:
    seen = False
    for result, outcome in pairs:
        mistaken = _mistaken(result, body).get(outcome.role)
        expected, got = outcome.arrays or _NONE
        if (
            mistaken is None
            or expected is None
            or mistaken.shape != got.shape
            or not np.isfinite(mistaken).all()
        ):
            return False
        tolerance = result.tolerance or Tolerance(result.question)
        allowed = tolerance.loose(outcome.role) + C * tolerance.roundoff * np.abs(mistaken)
        if not (np.abs(got - mistaken) <= allowed).all():
            return False
        seen = seen or bool((np.abs(mistaken - expected) > CLEARLY * allowed).any())
    return seen


def _mistaken(result: "Result", body: Any) -> dict[str, Any]:
    try:
        return result.question.by(body, result.question.inputs, result.question.bars)
    except Exception:  # a mistake may be one that cannot even run on some shapes
        return {}


def _factor(pairs: Pairs) -> str:
    """One constant for all elements of all cases, or the size of the batch, or nothing at all."""
    ratios, by_batch, zero = [], [], True
    for result, outcome in pairs:
        expected, got = outcome.arrays or _NONE
        if expected.dtype.kind != "f" or got.dtype.kind not in "fiu" or not np.isfinite(got).all():
            return ""
        tolerance = (result.tolerance or Tolerance(result.question)).loose(outcome.role)
        solid = np.abs(expected) > 1e4 * tolerance
        zero = zero and not got.any()
        if solid.any():
            ratio = got[solid] / expected[solid]
            ratios += [ratio.min(), ratio.max()]
            batch = next((x.shape[0] for x in result.question.inputs.values() if x.ndim), 1)
            by_batch += [batch * ratio.min(), batch * ratio.max()]
    if zero:
        return "0 ×"
    for factor, text in FACTORS.items():
        if ratios and np.allclose(ratios, factor, rtol=1e-3, atol=0):
            return text
    return "1/B of" if by_batch and np.allclose(by_batch, 1.0, rtol=1e-3, atol=0) else ""
