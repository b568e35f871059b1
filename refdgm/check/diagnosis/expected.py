"""Whether a difference is the one that was expected: no other role, no other case, no other function."""

from typing import Any

import numpy as np

from refdgm.check.diagnosis.mistakes import suspects
from refdgm.check.expecting import ALL, Expected
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.verdicts import DIFFERS, ERROR, MISSING, ROUGH, TIMEOUT, UNASKED
from refdgm.evidence import find

COMPARED = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
FEW = 5  # cases that are named


def weigh(checked: Checked, expected: Expected) -> None:
    """Say in `checked` whether it holds, and if not why; it is not applied where none of its cases was asked."""
    asked = {result.question.case.id for result in checked.results}
    named = isinstance(expected.cases, tuple) and expected.cases and not asked & set(expected.cases)
    if named or (expected.where and not any(_within(result, expected) for result in checked.results)):
        checked.noted("the expected difference was not looked for, since none of its cases is among those asked")
        return
    checked.expected = expected
    checked.unexpected = (_unanswered(checked) or _other_roles(checked, expected) or _other_cases(checked, expected)
                          or _other_function(checked, expected))


def suggested(checked: Checked) -> dict[str, Any]:
    """The entry by which what differs would be accepted; empty where none would do."""
    roles = tuple(_differing(checked))
    if not roles or _unanswered(checked):
        return {}
    mistake = next((one.name for one in find.mistakes(checked.ref.name)
                    if not _other_function(checked, Expected("…", roles, one.name))), "")
    differing, plain = _where(checked), [result for result in checked.results if not result.long]
    cases = () if mistake else ALL if len(differing) >= len(plain) else tuple(id.partition("/")[2] for id in differing)
    return {name: x for name, x in Expected("…", roles, mistake, cases).plain().items() if x}


def _unanswered(checked: Checked) -> str:
    """What no allowance excuses."""
    for result in checked.results:
        bad = {result.verdict, *(outcome.verdict for outcome in result.outcomes)}
        if found := bad & {ERROR, TIMEOUT, MISSING, UNASKED, ROUGH}:
            return f"{sorted(found)[0]} in {result.question.case.id} is no difference of numbers"
        if any(outcome.shapes for outcome in result.outcomes):
            return f"in {result.question.case.id} the shape is another"
    return ""


def _differing(checked: Checked) -> list[str]:
    return [role for role, pairs in checked.by_role().items()
            if any(o.verdict == DIFFERS and not o.spared for _, o in pairs)]


def _other_roles(checked: Checked, expected: Expected) -> str:
    differing = _differing(checked)
    if not differing:
        told = f"under the convention “{checked.convention}”" if checked.convention else "in all cases"
        return f"it agrees {told}; take expect out"
    if more := [_short(role) for role in differing if role not in expected.only]:
        return f"{', '.join(more)} {'differs' if len(more) == 1 else 'differ'} too, which was not expected"
    if less := [_short(role) for role in expected.only if role not in differing]:
        return f"{', '.join(less)} {'agrees' if len(less) == 1 else 'agree'}; take what agrees out of expect"
    return ""


def _where(checked: Checked) -> list[str]:
    return [result.question.case.id for result in checked.results if _differs(result)]


def _differs(result: Result) -> bool:
    return any(o.verdict == DIFFERS and not o.spared for o in result.outcomes)


def _within(result: Result, expected: Expected) -> bool:
    """Whether an element of the argument is so."""
    name, sign, number = expected.condition()
    arrays = [x for key, x in result.question.inputs.items() if key.partition(".")[0] == name]
    return any(bool(COMPARED[sign](x, number).any()) for x in arrays)


def _other_cases(checked: Checked, expected: Expected) -> str:
    if expected.where:
        more = [r.question.case.id for r in checked.results if _differs(r) and not _within(r, expected)]
        if more:
            return f"it differs in {_listed(more)} too, where no element has {expected.where}"
    if not expected.cases:
        return ""
    differing = set(_where(checked))
    if expected.cases == ALL:
        agree = [r.question.case.id for r in checked.results if not r.long and not _differs(r)]
        return f"it agrees in {_listed(agree)}; name the cases in which it differs" if agree else ""
    if more := [id for id in _where(checked) if id not in expected.cases]:
        return f"it differs in {_listed(more)} too, where that was not expected"
    asked = {result.question.case.id for result in checked.results}
    less = [id for id in expected.cases if id in asked and id not in differing]
    return f"it agrees in {_listed(less)}; take what agrees out of expect" if less else ""


def _other_function(checked: Checked, expected: Expected) -> str:
    if not expected.mistake:
        return ""
    suspect = next(one for one in suspects(checked) if one.mistake.name == expected.mistake)
    roles = checked.by_role()
    unlike = [_short(role) for role in _differing(checked) if not suspect.equals(roles[role])]
    return f"{', '.join(unlike)} {'is' if len(unlike) == 1 else 'are'} not that of {expected.mistake}" if unlike else ""


def _short(role: str) -> str:
    return role.removeprefix("output.")


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - FEW} more" if len(ids) > FEW else ""
    return ", ".join(ids[:FEW]) + more
