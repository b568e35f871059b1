"""What a wrong answer is equal to: a convention of the field, a known mistake, a plain factor.

Nothing is named on likeness: a mistake must equal the candidate in all cases to tolerance, in one where it clearly
differs from the reference; a convention must hold in every case for the value and for every gradient: the candidate is
asked again and compared afresh. What holds in all cases but a few is told with those.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome, compare
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.questions.question import Terms
from refdgm.check.verdicts import DIFFERS, ILL, PASSING
from refdgm.evidence import conventions, find

Again = Callable[[Terms, list[Case]], Checked]  # the candidate asked once more, in other terms
Pairs = list[tuple[Result, Outcome]]
_NONE: tuple[Any, Any] = (np.zeros(0), np.zeros(0))
FEW = 0.15  # of the cases may contradict what all others say, and it is still worth saying
SINGLE = (
    'right to float32, not to float64: if something inside computes in float32, declare "dtype": "float32" or use '
    "--dtype float32"
)
SAMPLE = 5  # cases that differ, asked before all of them are
CLEARLY = 100.0  # tolerances by which a mistake must differ from the reference to be seen
FACTORS = {-1.0: "−1 ×", 2.0: "2 ×", 0.5: "½ ×", -2.0: "−2 ×", -0.5: "−½ ×", 4.0: "4 ×", 0.25: "¼ ×"}


def under_a_convention(checked: Checked, terms: Terms, again: Again) -> Checked | None:
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


def _promising(checked: Checked, other: Terms, again: Again) -> bool:
    """Whether most of a few cases that differ agree under another convention."""
    few = [result.question.case for result in checked.results if result.verdict == DIFFERS][:SAMPLE]
    return 2 * sum(result.verdict in PASSING for result in again(other, few).results) >= len(few)


def _cases(cases: list[Case]) -> str:
    said = lambda case: case.id.rpartition("/")[2] + (f" ({', '.join(case.flags)})" if case.flags else "")
    return ", ".join(map(said, cases))


def named(checked: Checked) -> list[tuple[list[str], str]]:
    """What the roles that differ are equal to, if to anything known: (roles, what is to be said of them)."""
    differing = _differing(checked)
    if differing and _right_to_float32(checked):
        checked.notes.append(SINGLE)
        return []
    equal = _mistakes(checked, differing)
    factors = {role: _factor(pairs) for role, pairs in differing.items()}
    gradients = [role for role in differing if role.startswith("gradient.")]
    common = len(gradients) > 1 and len({factors[role] for role in gradients}) == 1
    asked, wrong = {_short(role) for role in checked.by_role()}, {_short(role) for role in differing}
    said: dict[str, list[str]] = {}
    for role in differing:
        known = equal[role]
        if common and role in gradients and factors[role]:  # one factor says more than a mistake of some of them
            known = [m for m in known if all(m in equal[o] for o in gradients) and set(m.reveals) & asked <= wrong]
        if known:
            # several may explain this role: the one that would show in just the roles that differ
            best = min(known, key=lambda m: len((set(m.reveals) & asked) ^ wrong))
            seen = f" Seen: {best.seen}." if best.seen else ""
            unexplained = any(o.startswith("output.") and best not in equal[o] for o in differing)
            rest = " The value differs too, and is not explained by it." if unexplained else ""
            said.setdefault(f"the known mistake {best.name}: {best.what}{seen}{rest}", []).append(role)
        elif factors[role]:
            said.setdefault(factors[role], []).append(role)
    return [(roles, text) for text, roles in said.items()]


def explained(checked: Checked, terms: Terms, again: Again) -> list[tuple[list[str], str]]:
    """As `named`; or where that leaves roles open, one mistake under a convention that leaves none."""
    here = named(checked)
    differing = _differing(checked)
    if SINGLE in checked.notes or sum(len(roles) for roles, _ in here) == len(differing):
        return here
    return _under_a_map(checked, terms, again) or here


def _under_a_map(checked: Checked, terms: Terms, again: Again) -> list[tuple[list[str], str]]:
    """A known mistake that explains every difference from the reference in one of its maps, not declared."""
    cases = [result.question.case for result in checked.results]
    for name in () if terms.convention else checked.ref.conventions:
        other = replace(terms, convention=name)
        for some in (cases[:SAMPLE], cases):
            found = again(other, some)
            differing = _differing(found)
            equal = list(_mistakes(found, differing).values())
            shared = [m for m in (equal or [[]])[0] if all(m in mistakes for mistakes in equal)]
            if not shared or found.answered != found.asked:
                break
        else:
            told = f"under the convention “{name}” the known mistake {shared[0].name}: {shared[0].what}"
            return [(list(differing), told)]
    return []


def _differing(checked: Checked) -> dict[str, Pairs]:
    """The roles that differ somewhere."""
    return {
        role: pairs
        for role, pairs in checked.by_role().items()
        if any(o.verdict == DIFFERS for _, o in pairs)
    }


def _mistakes(checked: Checked, differing: dict[str, Pairs]) -> dict[str, list[Any]]:
    """The known mistakes that each role is equal to."""
    known = find.mistakes(checked.ref.name)
    return {role: [m for m in known if _equals(pairs, m.body)] for role, pairs in differing.items()}


def _right_to_float32(checked: Checked) -> bool:
    """Whether the answers of all cases, not good enough in float64, would do in float32."""
    if checked.dtype != "float64" or checked.coarse:
        return False
    outcomes = [o for result in checked.results for o in result.outcomes]
    digits = float(np.median([o.digits for o in outcomes if o.verdict == DIFFERS]))
    if any(o.arrays is None for o in outcomes) or not 4 <= digits <= 9:
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


def _short(role: str) -> str:
    return role.removeprefix("output.")


def _equals(pairs: Pairs, body: Any) -> bool:
    """Wherever both are finite, and somewhere both are and clearly not the right number."""
    seen = False
    for result, outcome in pairs:
        mistaken = _mistaken(result, body).get(outcome.role)
        expected, got = outcome.arrays or _NONE
        if outcome.arrays is None or mistaken is None or mistaken.shape != got.shape:
            return False
        tolerance = result.tolerance or Tolerance(result.question)
        with np.errstate(all="ignore"):
            allowed = tolerance.loose(outcome.role) + C * tolerance.roundoff * np.abs(mistaken)
            both = np.isfinite(mistaken) & np.isfinite(got)
            if (np.abs(got - mistaken) > allowed)[both].any():
                return False
            seen = seen or bool((np.abs(mistaken - expected) > CLEARLY * allowed)[both].any())
    return seen


def _mistaken(result: Result, body: Any) -> dict[str, Any]:
    try:
        return result.question.by(body, result.question.inputs, result.question.bars)
    except Exception:  # a mistake may be one that cannot even run on some shapes
        return {}


def _factor(pairs: Pairs) -> str:
    """One constant for all elements, or the size of the batch, in all cases or in nearly all; or nothing at all."""
    ranges: list[tuple[Case, float, float, int]] = []  # of the ratio in each case that has one, and its batch
    zero = True
    for result, outcome in pairs:
        expected, got = outcome.arrays or _NONE
        if outcome.arrays is None or expected.dtype.kind != "f" or got.dtype.kind not in "fiu":
            return ""
        tolerance = (result.tolerance or Tolerance(result.question)).loose(outcome.role)
        solid = np.abs(expected) > 1e4 * tolerance
        zero = zero and not got.any()
        if solid.any():
            ratio = got[solid] / expected[solid]
            batch = next((x.shape[0] for x in result.question.inputs.values() if x.ndim), 1)
            ranges.append((result.question.case, float(ratio.min()), float(ratio.max()), batch))
    if zero:
        return "0 × the right one, in all cases"
    for factor, text in [*FACTORS.items(), (0.0, "1/B of")]:
        left = [
            case
            for case, low, high, batch in ranges
            if not np.allclose([low, high], factor or 1 / batch, rtol=1e-3, atol=0)
        ]
        if ranges and not left:
            return f"{text} the right one, in all cases"
        if len(left) <= FEW * len(ranges) and len(ranges) > len(left):
            return f"{text} the right one in {len(ranges) - len(left)} of {len(ranges)} cases; not in {_cases(left)}"
    return ""
