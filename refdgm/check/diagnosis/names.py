"""One name for one bug: what explains all roles that differ, else what explains most, with the rest told as open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from refdgm.cases import Case
from refdgm.check.diagnosis.common import FEW, told_of
from refdgm.check.diagnosis.conventions import SAMPLE, Again
from refdgm.check.diagnosis.factors import SINGLE, near_miss, relation, right_to_float32
from refdgm.check.diagnosis.mistakes import CLEARLY, Pairs, Suspect, suspects, tolerance_of
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import DIFFERS

Said = list[tuple[list[str], str]]  # roles, and what is to be said of them


@dataclass(frozen=True)
class Explanation:
    """What some of the roles are equal to; `strange` are roles in which the mistake would show and the candidate does
    not differ, or the other way round."""

    roles: frozenset[str]
    text: str
    suspect: Suspect | None = None
    strange: int = 0
    elsewhere: bool = False  # it would show in a role that was asked for, and is right


def explained(checked: Checked, cases: list[Case], terms: Terms, again: Again) -> Said:
    """What the roles that differ are equal to, if to anything known; where that leaves some open, one mistake under a
    convention that leaves none."""
    differing = _differing(checked)
    here = list(_explanations(checked, differing))
    whole = _best(here, frozenset(differing))
    if not whole:
        if differing and right_to_float32(checked):
            checked.noted(SINGLE)
            return []
        whole = _under_a_map(checked, cases, terms, again) or _nearly(checked, differing)
        if not whole and not here and (miss := near_miss(checked, differing)):
            checked.noted(miss)
            return []
    return _told(differing, whole or _most(here))


def alike(checked: Checked) -> list[tuple[str, str]]:
    """Every known mistake, by name, that explains all that differs from the reference as well as a convention does, or
    an option that is not minded."""
    differing = _differing(checked)
    return [(one.suspect.mistake.name, one.text) for one in _explanations(checked, differing)
            if one.suspect and one.roles == frozenset(differing) and not one.elsewhere]


def _explanations(checked: Checked, differing: dict[str, Pairs]) -> Iterator[Explanation]:
    asked, wrong = {_short(role) for role in checked.by_role()}, {_short(role) for role in differing}
    for suspect in suspects(checked):
        mistake = suspect.mistake
        roles = frozenset(role for role, pairs in differing.items() if suspect.equals(pairs))
        if roles:
            shows = set(mistake.reveals) & asked
            seen = f" Seen: {mistake.seen}." if mistake.seen else ""
            text = f"the known mistake {mistake.name}: {mistake.what}{seen}"
            yield Explanation(roles, text, suspect, len(shows ^ wrong), not shows <= wrong)
    relations = {role: relation(pairs) for role, pairs in differing.items()}
    for text in dict.fromkeys(filter(None, relations.values())):
        yield Explanation(frozenset(role for role, said in relations.items() if said == text), text)


def _best(found: list[Explanation], differing: frozenset[str]) -> list[Explanation]:
    """One that explains all that differs and would show nowhere else, a mistake rather than a factor; or two, of which
    each explains what the other leaves."""
    alone = [one for one in found if one.roles == differing]
    if alone:
        return [min(alone, key=lambda one: (one.elsewhere, one.suspect is None, one.strange))]
    two = [
        (one, other)
        for one, other in combinations(found, 2)
        if one.roles | other.roles == differing and not (one.elsewhere or other.elsewhere)
    ]
    if not two:
        return []
    # a factor of several roles says more than a mistake, and one of a single role less
    cost = lambda each: 1 if each.suspect else 0 if len(each.roles) > 1 else 2
    fewest = lambda pair: (sum(map(cost, pair)), len(pair[0].roles & pair[1].roles), sum(e.strange for e in pair))
    one, other = min(two, key=fewest)
    first, second = (one, other) if len(one.roles) >= len(other.roles) else (other, one)
    return [first, replace(second, roles=second.roles - first.roles)]


def _nearly(checked: Checked, differing: dict[str, Pairs]) -> list[Explanation]:
    """The mistake that explains all that differs in all cases but the fewest, where these are few."""
    found: list[tuple[Suspect, list[Result]]] = []
    for suspect in suspects(checked):
        apart = dict[int, Result]()
        for pairs in differing.values():
            others = [] if suspect.equals(pairs) else suspect.left(pairs)
            if others is None:
                break
            apart |= {id(result): result for result in others}
        else:
            found.append((suspect, list(apart.values())))
    wrong = sum(result.verdict == DIFFERS for result in checked.results)
    found = [(suspect, left) for suspect, left in found if len(left) <= FEW * wrong]
    if not found:
        return []
    suspect, left = min(found, key=lambda one: len(one[1]))
    many, known = len(checked.results), suspect.mistake
    where = f"in {many - len(left)} of {many} cases; not in {told_of([result.question.case for result in left])}"
    return [Explanation(frozenset(differing), f"the known mistake {known.name}: {known.what} So {where}.", suspect)]


def _most(found: list[Explanation]) -> list[Explanation]:
    """At most one mistake, and the factors of the roles that it leaves."""
    mistakes = [one for one in found if one.suspect]
    factors = [one for one in found if not one.suspect]
    first = sorted(mistakes, key=lambda one: (one.elsewhere, -len(one.roles), one.strange))[:1]
    if factors and (not first or max(len(one.roles) for one in factors) > len(first[0].roles)):
        first = []  # one factor says more than a mistake of fewer
    left = frozenset[str]().union(*(one.roles for one in first))
    return [*first, *(replace(one, roles=one.roles - left) for one in factors if one.roles - left)]


def _told(differing: dict[str, Pairs], chosen: list[Explanation]) -> Said:
    """In the order of the roles; what no line explains is told with the first mistake."""
    open_roles = [role for role in differing if not any(role in one.roles for one in chosen)]
    said: Said = []
    for one in chosen:
        text = one.text
        if one.suspect:
            beyond = max(one.suspect.beyond(differing[role]) for role in one.roles)
            text += f" Besides, it is no number in {beyond} cases where that is one." if beyond else ""
        if one.suspect and open_roles:
            names = " and ".join(map(_short, open_roles))
            text += f" {names} {'differs' if len(open_roles) == 1 else 'differ'} too, not explained by it."
            open_roles = []
        said.append(([role for role in differing if role in one.roles], text))
    return said


def _under_a_map(checked: Checked, cases: list[Case], terms: Terms, again: Again) -> list[Explanation]:
    """A known mistake that explains every difference from the reference in one of its maps, not declared."""
    for name in () if terms.convention else checked.ref.conventions:
        other = replace(terms, convention=name)
        for some in (cases[:SAMPLE], cases):
            found = again(other, some)
            differing = _differing(found)
            every = suspects(found) if found.answered == found.asked else []
            shared = [s for s in every if differing and all(s.equals(pairs) for pairs in differing.values())]
            shared = [s for s in shared if any(_apart(s, pairs) for pairs in differing.values())]
            if not shared:
                break
        else:
            told = f"under the convention “{name}” the known mistake {shared[0].mistake.name}: {shared[0].mistake.what}"
            return [Explanation(frozenset(_differing(checked)), told)]
    return []


def _apart(suspect: Suspect, pairs: Pairs) -> bool:
    """Whether the mistake, under the map, is clearly another function than the reference without it: a map and a
    mistake may undo each other, and then explain nothing."""
    for result, outcome in pairs:
        plain = _without_the_map(result).get(outcome.role)
        mistaken = suspect.answers(result).get(outcome.role)
        if plain is None or mistaken is None or plain.shape != mistaken.shape:
            continue
        with np.errstate(all="ignore"):
            allowed = np.maximum(suspect.allowed(result, outcome.role), tolerance_of(result).loose(outcome.role))
            if (np.abs(plain - mistaken) > CLEARLY * allowed).any():
                return True
    return False


def _without_the_map(result: Result) -> dict[str, np.ndarray]:
    """What the reference answers, as a candidate, to the numbers that the map hands over."""
    question = result.question
    arrays = question.case.arrays | {n: x for n, x in question.asked().items() if n.startswith("input.")}
    case, terms = replace(question.case, arrays=arrays), replace(question.terms, convention="")
    return Question(question.ref, case, terms, question.dtype).base


def _differing(checked: Checked) -> dict[str, Pairs]:
    """The roles that differ somewhere."""
    return {role: pairs for role, pairs in checked.by_role().items() if any(o.verdict == DIFFERS for _, o in pairs)}


def _short(role: str) -> str:
    return role.removeprefix("output.")
