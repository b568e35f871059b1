"""One line for each function, two where digits are lost: how many are left, where, and why there."""

from collections.abc import Iterable
from textwrap import wrap

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.report.remarks import told, worst
from refdgm.evidence.ask import NOTES

MARKS = {"yes": "✓", "meant": "~", "no": "✗"}
ASCII = {"yes": "ok", "meant": "~ ", "no": "no"}
STYLES = {"yes": "green", "meant": "yellow", "no": "bold red"}


def kind(checked: Checked) -> str:
    """Whether it is right, right if another function of the field is meant, or neither."""
    if checked.verdict not in (verdicts.AGREES, verdicts.LOSES, verdicts.COARSE, verdicts.EXPECTED):
        return "no"
    return "meant" if checked.convention or checked.expected else "yes"


def lines(found: Iterable[Checked], width: int, letters: bool) -> list[tuple[str, str]]:
    """(text, style), none wider than this but where a word is."""
    found = list(found)
    names, marks = max((len(one.title) for one in found), default=0), MARKS if letters else ASCII
    shown: list[tuple[str, str]] = []
    for one in found:
        head = f"{marks[kind(one)]} {one.title:<{names}}  "
        first, *more = wrap(said(one), max(24, width - len(head)))
        shown += [(head + first, STYLES[kind(one)]), *((" " * len(head) + text, "dim") for text in more)]
    return shown


def said(checked: Checked) -> str:
    """The verdict, and for what passes in how many cases, with what is to be known of it."""
    if kind(checked) != "yes":
        return told(checked)
    alone = ", in value alone, no gradient compared" if checked.value_alone else ""
    return f"{checked.verdict}{alone}, {checked.answered} cases{_lost(checked)}"


def _lost(checked: Checked) -> str:
    """The worst role of those that lose digits."""
    losing = {role: pairs for role, pairs in checked.by_role().items()
              if any(outcome.verdict == verdicts.LOSES and not outcome.spared for _, outcome in pairs)}
    if not losing:
        return ""
    result, outcome = min((worst(pairs) for pairs in losing.values()), key=lambda pair: pair[1].digits)
    cases = {id(r) for pairs in losing.values() for r, o in pairs if o.verdict == verdicts.LOSES}
    where, why = _reason(result)
    others = f", the worst of {len(cases)}" if len(cases) > 1 else ""
    return f": {_left(outcome)} in case {result.question.case.id.rpartition('/')[2]}{where}{others}{why}"


def _left(outcome: Outcome) -> str:
    head, _, rest = outcome.role.partition(".")
    role = rest if head == "output" else outcome.role
    digits = int(outcome.digits)
    return f"{role} keeps {digits or 'no'} {'digit' if digits == 1 else 'digits'}"


def _reason(result: Result) -> tuple[str, str]:
    """What the case is about, in the words of the index; and of what is its own to the reference, why it is hard."""
    case = result.question.case
    own = [note for flag, note in case.why.items() if flag not in NOTES]
    return f" ({case.comment})" if case.comment else "", f": {own[-1]}" if own else ""
