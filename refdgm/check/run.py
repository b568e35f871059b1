"""From cases to verdicts: put every case to the candidate, compare, count what was answered, diagnose what differs."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from refdgm.cases import Case
from refdgm.catalogue import CATALOGUE
from refdgm.check import diagnosis, verdicts
from refdgm.check.asking import Asked, answered, head
from refdgm.check.diagnosis.expected import suggested, weigh
from refdgm.check.dtypes import BITS
from refdgm.check.elementary import said
from refdgm.check.expecting import Expected, expected
from refdgm.check.judging import coarse, narrow, precision, whole
from refdgm.check.judging.checked import Checked, Result, verdict_of
from refdgm.check.judging.compare import compare
from refdgm.check.judging.once import measuring_once
from refdgm.check.judging.tolerance import once_measured
from refdgm.check.numbers import Arrays
from refdgm.check.partial import wherever, without_axes
from refdgm.check.process.reply import CandidateGone, Declared, Reply
from refdgm.check.questions.fixed import held, longer
from refdgm.check.questions.question import Question, Terms
from refdgm.reference import Reference

Step = Callable[[str, int, int], None]
FAR = 2.0**-4  # of the largest right number, where a convention is tried in a few cases
FOREIGN = "numpy|ndarray|torch|tensor|jax|tracer|arraybox|cupy|pullback"  # in the words of an error
ONE = r"to a? ?(python )?scalar|one element tensors|ConcretizationTypeError"
AXES = "IndexError|AxisError|dimension|axis|axes|permute|transpose|unpack"
GONE = {"raised": verdicts.ERROR, "timeout": verdicts.TIMEOUT}


@measuring_once()
def check(
    asked: Asked,
    ref: Reference,
    cases: list[Case],
    dtype: str | None,
    device: str,
    step: Step,
    strict: bool = False,
    twice: int | None = None,
    accumulate: str = "",
    fresh: int | None = None,
    meant: Expected | None = None,
    elementary: Mapping[str, float] | None = None,
) -> Checked:
    """All cases of one reference; `strict` asks for the gradients of hyper-parameters too, `accumulate` is the dtype in
    which reductions are meant to be added up. With `twice`, a seed, every question is put again, in another order. With
    `fresh`, a seed too, who passes is asked cases with one long axis as well; with both, at once.
    `meant` is a difference that is expected, and `elementary` what functions of its platform err by, in ulps, where the
    candidate's own entry does not say it."""
    declared = asked.found[ref.name]
    chosen = dtype or declared.dtype or "float64"
    minded = declared.gradients if strict else declared.minded
    kept = ("outputs", "gradients", "reduction", "convention", "sums", "pair")
    platform = elementary or (declared.elementary if twice is None else {})
    terms = Terms(minded=minded, accumulate=accumulate, elementary=platform,
                  **{name: getattr(declared, name) for name in kept})
    if declared.fixed:
        cases = held(ref, cases, declared.fixed)
    more = [] if fresh is None else longer(ref, fresh, declared.fixed)
    if twice is not None:  # a second round would say that the first was passed
        cases, more = [*cases, *more], []
    checked = _round(asked, ref, cases, terms, chosen, device, step, twice=twice)
    if platform:
        checked.noted(f"judged with {said(platform)}, as declared")
    elif declared.elementary:
        checked.noted("what its own entry says of elementary functions is not believed of who is not trusted; say it "
                      "with --elementary")
    if declared.fixed:
        told = ", ".join(f"{name} = {x}" for name, x in declared.fixed.items())
        checked.noted(f"asked with {told} alone, for that is fixed: {len(cases)} cases")
    if bare := without_axes(checked):
        why = "it has no axes beside the batch, and the function is right wherever there are some"
        checked.results = [result for result in checked.results if all(result is not one for one in bare)]
        checked.not_asked += [(result.question.case.id, why) for result in bare]
        checked.asked -= len(bare)
        checked.noted(f"{len(bare)} cases without axes beside the batch are not asked, for it is right in all others")

    def again(other: Terms, some: list[Case], glance: bool = False) -> Checked:
        return _round(asked, ref, some, other, chosen, device, lambda *_: None, glance)

    passed = checked.verdict in verdicts.PASSING
    if more and passed:
        checked.joined(_round(asked, ref, more, terms, chosen, device, step))
    coarse.look(checked, lambda other: _numbers(asked, other, device))
    whole.look(checked)
    expect = meant or (None if twice is not None or not declared.expect else expected(ref, declared.expect))
    if declared.expect and twice is not None:
        checked.noted("what its own entry expects is not believed of who is not trusted; refdgm.toml may say it")
    found = _diagnosed(checked, declared, terms, again)
    if more and not passed and found.convention and found.verdict in verdicts.PASSING:
        found.joined(again(replace(terms, convention=found.convention), more))
        found.shared = diagnosis.common.where(found)
    if expect:
        weigh(found, expect)
        if found.verdict == verdicts.EXPECTED and more:  # it is excused there, and asked on like who passes
            found.joined(_round(asked, ref, more, replace(terms, convention=found.convention or terms.convention),
                                chosen, device, step))
            weigh(found, expect)
    elif found.verdict == verdicts.DIFFERS:
        found.suggested = suggested(found)
    return found


def _diagnosed(checked: Checked, declared: Declared, terms: Terms, again: diagnosis.Again) -> Checked:
    """What is to be said of it, where there is something."""
    if checked.spared and checked.verdict in verdicts.PASSING:
        told_all = diagnosis.diagnose(_minding(checked), terms, lambda *more: _minding(again(*more)))
        if told_all.convention:
            return told_all
        checked.equals = told_all.equals
    if checked.verdict in verdicts.PASSING:
        return checked
    if part := wherever(checked, declared.lacks):  # another definition of the field, right everywhere, says more
        whole = diagnosis.agreeing(checked, terms, again) if checked.verdict == verdicts.DIFFERS else None
        checked.where = [] if whole else part
        if not whole and not declared.lacks:  # it takes the option: what it does then may be a thing that people do
            checked.alike = diagnosis.names.alike(checked)
        return whole or checked
    if declared.lacks:
        checked.noted(_lacking(checked.ref, declared.lacks))
    if checked.verdict != verdicts.DIFFERS:
        return checked
    if some := narrow.few(checked):
        found = diagnosis.diagnose(some, terms, again)
        if found.verdict not in verdicts.PASSING:
            checked.shared, checked.equals, checked.notes = found.shared, found.equals, found.notes
            return checked
    return diagnosis.diagnose(checked, terms, again)


def _lacking(ref: Reference, names: tuple[str, ...]) -> str:
    """What to do about options that it does not take."""
    ways = (f"{n} ({' | '.join(ref.args[n].words or ref.args[n].known) or 'a number'})" for n in names)
    return f'it does not take {", ".join(ways)}; say which it does with "fixed"'


def _minding(checked: Checked) -> Checked:
    """The same, as if every gradient that came had been asked for."""
    results = [replace(one, outcomes=[replace(o, unasked=False) for o in one.outcomes]) for one in checked.results]
    for one in results:
        one.verdict = verdict_of(one.outcomes, one.coarse) if one.outcomes else one.verdict
    return replace(checked, results=results, suspects=[])


def _round(
    asked: Asked,
    ref: Reference,
    cases: list[Case],
    terms: Terms,
    dtype: str,
    device: str,
    step: Step,
    glance: bool = False,
    twice: int | None = None,
) -> Checked:
    """Every case; at a `glance`, what is far off has no tolerance measured."""
    checked = Checked(ref, dtype, called=asked.found[ref.name].called)
    questions = [Question(ref, case, terms, dtype) for case in cases]
    checked.not_asked = [(one.case.id, one.meaningless) for one in questions if one.meaningless]
    questions = [one for one in questions if not one.meaningless]
    checked.asked = len(questions)
    usual = cache(lambda: precision.usual_sizes(questions))
    telling = lambda number: step(ref.name, number + 1, len(cases))
    replies = answered(asked, questions, device, telling, twice)  # all of them before anything is said to be right
    for number, (question, each) in enumerate(zip(questions, replies, strict=True)):
        telling(number)
        results = []
        for reply in each:
            if isinstance(reply, CandidateGone):
                results.append(Result(question, GONE[reply.kind], message=str(reply)))
                continue
            checked.noted(*reply.damage)
            if glance and reply.answered and _far(question, reply.arrays):
                results.append(Result(question, verdicts.DIFFERS))
                continue
            result = _judged(question, reply, asked.found[ref.name], checked)
            result.seconds = reply.seconds
            if any(outcome.verdict == verdicts.DIFFERS for outcome in result.outcomes):
                _looked_at_again(result, lambda other: _numbers(asked, other, device), usual())
            results.append(result)
        checked.results.append(max(results, key=lambda result: verdicts.SEVERITY.index(result.verdict)))
    if unlike := sum(len(each) > 1 and all(isinstance(x, Reply) for x in each) for each in replies):
        checked.noted(f"the same question asked twice had two answers in {unlike} of {len(questions)} cases; each was "
                      "judged, and the worse counts")
    if parts := [outcome.rows for result in checked.results for outcome in result.outcomes if outcome.rows]:
        sizes = sorted({few for few, _ in parts})
        checked.noted(f"what may be lost was measured in {' to '.join(map(str, sizes[:1] + sizes[1:][-1:]))} of "
                      f"{parts[0][1]} rows of a large array, the furthest first; every element was compared")
    if checked.results and checked.value_alone:
        checked.noted('no gradient was compared, for "gradients" is empty: nothing was shown of them')
    if checked.not_asked:
        (first, why), many = checked.not_asked[0], len(checked.not_asked)
        checked.noted(f"{many} of {len(cases)} cases are not asked in {dtype}: {first}, for {why}")
    return checked


def _looked_at_again(result: Result, ask: precision.Ask, usual: Mapping[str, float]) -> None:
    """In another precision, or a little apart; first some rows of a large array, where that may end it."""
    some = narrow.narrowed(result)
    if some is not result:
        differing = [outcome.role for outcome in some.outcomes if outcome.verdict == verdicts.DIFFERS]
        precision.second_look(some, ask, usual)
        if [outcome.role for outcome in some.outcomes if outcome.verdict == verdicts.DIFFERS] == differing:
            return
    precision.second_look(result, ask, usual)


def _far(question: Question, answers: Arrays) -> bool:
    """Whether an answer is off by so much of the largest number among all right ones that no rounding is asked about:
    not of its own array alone, which may be zero or what a cancellation leaves."""
    if BITS[question.dtype] < BITS["float32"]:  # there an honest answer may be as far off
        return False
    right = {role: x for role, x in question.expected.items() if x.dtype.kind == "f" and not question.spared(role)}
    largest = max((float(np.max(np.abs(x), initial=0, where=np.isfinite(x))) for x in right.values()), default=0.0)
    shared = [(answers[role], x) for role, x in right.items() if role in answers and answers[role].shape == x.shape]
    with np.errstate(all="ignore"):
        errors = [np.abs(got - x)[np.isfinite(got) & np.isfinite(x)] for got, x in shared]
    return any(bool((error > FAR * largest).any()) for error in errors)


def _numbers(asked: Asked, question: Question, device: str) -> Arrays | None:
    """The answers to a question beside those that are counted, if they came in its precision."""
    try:
        reply = asked.ask(head(question, device), question.asked())
    except CandidateGone:
        return None
    return reply.arrays if reply.answered and BITS[reply.dtype] >= BITS[question.dtype] else None


def _judged(question: Question, reply: Reply, declared: Declared, checked: Checked) -> Result:
    """The reply to one case, against the right answer in the dtype in which it came."""
    if not reply.answered:
        message = "\n  ".join([reply.message + _hint(declared, reply, question), *reply.trace])
        return Result(question, verdicts.ERROR, message=message)
    dtype = question.dtype
    coarsest = min(reply.dtype, dtype, key=BITS.__getitem__)
    coarse, meant = coarsest != dtype, f'if that is meant, declare "dtype": "{coarsest}" or pass --dtype'
    if coarse and coarsest in ("float16", "bfloat16"):
        return Result(question, verdicts.ERROR, message=f"answers in {coarsest} to {dtype}; {meant}")
    if coarse:
        checked.noted(f"answers in {coarsest} to {dtype}, and is judged in {coarsest}; {meant}")
    tolerance = once_measured(question, coarsest)
    outcomes = compare(tolerance, reply.arrays, list(reply.severed))
    for outcome in outcomes:
        if outcome.verdict == verdicts.MISSING and reply.others:
            outcome.note = f"not returned; {', '.join(reply.others)} was"
    return Result(question, verdict_of(outcomes, coarse), outcomes, tolerance=tolerance, coarse=coarse)


def _hint(declared: Declared, reply: Reply, question: Question) -> str:
    """What to say of an error that arrays of the wrong framework raise, or an axis that they do not have."""
    if re.search(ONE, reply.message, re.IGNORECASE):
        return "\n  .item(), float() and int() take one number, and no gradient passes them; leave the array as it is"
    if re.search(AXES, reply.message, re.IGNORECASE) and not declared.shape:
        shapes = {name: x.shape for name, x in question.inputs.items() if "." not in name}
        first = next((name for name, shape in shapes.items() if len(shape) > 1), "")
        if first:
            told = ", ".join(f"{name} {tuple(shape)}" for name, shape in shapes.items())
            return f'\n  it got {told}; if it takes other axes, say which: "shape": {{"{first}": "B,C,H,W"}}'
    foreign = declared.taken and re.search(FOREIGN, reply.message, re.IGNORECASE)
    return f'\n  {declared.taken}; if it is written for another, say which with "framework"' if foreign else ""


def selected(select: Iterable[str] | None, found: Iterable[str]) -> list[str]:
    """The references to check, in the order of the catalogue: those named, otherwise those that were found."""
    wanted = set(select) if select else set(found)
    return [name for name in CATALOGUE if name in wanted]
