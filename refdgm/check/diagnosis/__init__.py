"""What a wrong answer has in common where it is wrong, and what it is equal to: a convention of the field, a known
mistake, a plain factor.

Nothing is named on likeness: a mistake must equal the candidate in all cases to the mistake's own tolerance, and
account for what is wrong in each that differs; a convention must hold in every case for the value and for every
gradient: the candidate is asked again and compared afresh. What holds in all cases but a few, a mistake too where none
does in all, is told with those.
Cases without an answer say nothing for or against.
"""

from refdgm.cases import Case
from refdgm.check.diagnosis import common as common
from refdgm.check.diagnosis import conventions, names
from refdgm.check.diagnosis.conventions import Again as Again
from refdgm.check.judging.checked import Checked
from refdgm.check.questions.question import Terms


def diagnose(checked: Checked, terms: Terms, again: Again) -> Checked:
    """The same with what is to be said of it; or what comes of it under a convention in which all cases agree."""
    whole = agreeing(checked, terms, again)
    if whole is not None:
        return whole
    cases = _answered(checked)
    checked.shared = common.where(checked)
    checked.equals = names.explained(checked, cases, terms, again)
    return checked


def agreeing(checked: Checked, terms: Terms, again: Again) -> Checked | None:
    """What comes of it under a convention, not declared, in which all cases agree; with the known mistakes that give
    the same numbers."""
    whole = conventions.under_a_convention(checked, _answered(checked), terms, again)
    if whole is not None:
        whole.alike = names.alike(checked)
    return whole


def _answered(checked: Checked) -> list[Case]:
    return [result.question.case for result in checked.results if result.outcomes]
