"""Large arrays are judged by their rows: every element is compared, and what is told is what all at once would tell."""

from dataclasses import replace

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates.embedded import usual
from refdgm.check.judging import narrow, rows
from refdgm.check.judging.checked import Result, verdict_of
from refdgm.check.judging.compare import compare
from refdgm.check.judging.forms import Forms
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import DIFFERS, PASSING

SIZES = {"softmax": {"B": 600, "K": 40}, "gaussian_kl_between": {"B": 4000, "D": 6}, "log_softmax": {"B": 600, "K": 40}}

DEPENDENT = {"free_bits_kl:mean", "free_bits_kl:logvar", "inception_score:logits", "info_nce:query", "info_nce:key",
             "frechet_inception_distance:real", "kernel_inception_distance:real", "maximum_mean_discrepancy:real",
             "energy_distance:real"}


@pytest.fixture
def small(monkeypatch):
    """What is large, in a size that is cheap."""
    monkeypatch.setattr(rows, "MANY", 2**10)
    monkeypatch.setattr(rows, "PART", 2**9)


def question(name, regime="unit", reduction="none"):
    ref = CATALOGUE[name]
    case = draw(ref, 5, regime, SIZES[name])
    return Question(ref, case, Terms(tuple(ref.result), ref.wrt, reduction))


def honest(asked):
    """The answers of the definition's usual form, which is not how the reference computes."""
    return dict(Forms(asked, "float64").by(asked.inputs, asked.bars, usual(asked.ref.name)[0]))


def verdicts(asked, answers):
    return {outcome.role: outcome for outcome in compare(Tolerance(asked), answers, [])}


@pytest.mark.parametrize("regime", ["unit", "near", "mixed"])
@pytest.mark.parametrize("name", SIZES)
def test_honest_answers_pass_as_all_at_once(small, monkeypatch, name, regime):
    asked = question(name, regime)
    answers = honest(asked)
    parted = verdicts(asked, answers)
    assert any(outcome.rows for outcome in parted.values())
    monkeypatch.setattr(rows, "MANY", 2**60)
    for role, outcome in verdicts(asked, answers).items():
        assert outcome.rows is None and outcome.verdict in PASSING and parted[role].verdict in PASSING
        few, many = parted[role].rows or (0, len(asked.expected[role]))
        assert few <= many == len(asked.expected[role])


@pytest.mark.parametrize("off", [1e-3, 1e-8])
@pytest.mark.parametrize("name", SIZES)
def test_one_wrong_element_anywhere_is_found(small, name, off):
    """Of an answer that loses digits in most of its rows."""
    asked = question(name)
    right = honest(asked)
    for role, y in right.items():
        for row in (0, 17, len(y) // 2 + 1, len(y) - 1):
            flat = y[row].reshape(-1)
            at = int(np.argmax(np.abs(flat)))
            changed = y.copy()
            where = (row, *np.unravel_index(at, y[row].shape)) if y.ndim > 1 else (row,)
            changed[where] *= 1 + off
            outcome = verdicts(asked, right | {role: changed})[role]
            assert outcome.verdict == DIFFERS and outcome.at == where, (role, row)


def test_a_wrong_element_behind_many_errors_that_are_larger_and_right(small):
    """A gradient whose terms cancel is off by more in its own digits than the mistake is in its."""
    asked = question("softmax", "near")
    right = honest(asked)
    role = "gradient.logits"
    error = np.abs(right[role] - asked.expected[role]) / np.maximum(np.abs(asked.expected[role]), 1e-300)
    calm = int(np.argmin(error.max(axis=1)))
    at = calm, int(np.argmax(np.abs(asked.expected[role][calm])))
    changed = right[role].copy()
    changed[at] *= 1 + np.sort(error.max(axis=1))[-40]
    assert (error.max(axis=1) > abs(changed[at] / asked.expected[role][at] - 1)).sum() >= 30
    outcome = verdicts(asked, right | {role: changed})[role]
    assert outcome.verdict == DIFFERS and outcome.at == at


@pytest.mark.parametrize(("name", "convention"), [
    ("softmax", ""), ("log_softmax", "the negative log-probabilities, a loss"),
    ("gaussian_log_density", "without the constant ½ log 2π")])
def test_no_look_allows_more_than_all_that_is_measured(name, convention):
    ref = CATALOGUE[name]
    asked = Question(ref, draw(ref, 5, "mixed"), Terms(tuple(ref.result), ref.wrt, convention=convention))
    tolerance = Tolerance(asked, among=rows.MANY)
    for role in asked.base:
        whole = tolerance.loose(role)
        assert all((tolerance.looked(role, number) <= whole).all() for number in range(rows.LOOKS)), role
        assert any(tolerance.looked(role, number).any() for number in range(rows.LOOKS))


def test_a_sum_over_the_batch_has_no_rows(small):
    asked = question("softmax")
    assert rows.of(question("gaussian_kl_between", reduction="mean"), [0]) is None
    assert rows.of(asked, [3, 5]).inputs["logits"].shape == (2, 40)


def test_the_rows_of_the_catalogue_and_those_that_depend_on_each_other():
    """What some rows give alone they give beside any others, but where a mean or a distance is over the batch."""
    alone, found = [1, 4, 5, 9], set()
    for name, ref in CATALOGUE.items():
        asked = Question(ref, draw(ref, 5, "unit", {"B": 12}), Terms(tuple(ref.result), ref.wrt))
        other = draw(ref, 6, "unit", {"B": 12}, asked.case.options)
        few = rows.of(asked, alone)
        mixed = {role: y.copy() for role, y in asked.case.arrays.items()}
        for role in mixed:
            if few.case.arrays[role].shape != mixed[role].shape:
                mixed[role][[0, 2, 3, 6, 7, 8, 10, 11]] = other.arrays[role][[0, 2, 3, 6, 7, 8, 10, 11]]
        beside = replace(asked, case=replace(asked.case, arrays=mixed)).base
        for role, y in asked.base.items():
            if y.ndim > 1 and y.dtype.kind == "f" and len(y) == 12:
                same = rows._same(few.base[role], y[alone])
                assert not same or rows._same(beside[role][alone], y[alone]), (name, role)
                found |= set() if same else {f"{name}:{role.removeprefix('gradient.')}"}
    assert found == DEPENDENT


@pytest.mark.parametrize("name", sorted({one.partition(":")[0] for one in DEPENDENT}))
def test_rows_that_depend_on_each_other_are_measured_together(small, name):
    ref = CATALOGUE[name]
    asked = Question(ref, draw(ref, 5, "unit", {"B": 600}), Terms(tuple(ref.result), ref.wrt))
    for role in (f"gradient.{one.partition(':')[2]}" for one in DEPENDENT if one.startswith(f"{name}:")):
        y = asked.base[role]
        assert y.size >= rows.MANY
        error = np.abs(y) * 1e-12
        assert rows.judged(Tolerance(asked), role, y + error, error, error / 10, None) is None


def test_what_differs_is_looked_at_in_the_rows_that_were_measured(small):
    asked = question("softmax")
    answers = {role: y * 1.01 for role, y in honest(asked).items()}
    tolerance = Tolerance(asked)
    outcomes = compare(tolerance, answers, [])
    whole = Result(asked, verdict_of(outcomes), outcomes, tolerance=tolerance)
    some = narrow.narrowed(whole)
    assert some is not whole and some.verdict == DIFFERS
    for outcome, of_all in zip(some.outcomes, whole.outcomes, strict=True):
        expected, got = outcome.arrays
        assert len(got) < 60 and got[outcome.at] == of_all.got and expected[outcome.at] == of_all.expected
        assert np.array_equal(expected, some.question.expected[outcome.role])
    assert narrow.narrowed(some) is some


def test_the_report_says_of_how_many(refdgm_check):
    run = refdgm_check("""
import torch
def softmax(logits):
    return torch.softmax(logits, -1)
""", "--shape", "B=600,K=500")
    assert run.code == 0
    assert "rows of a large array, the furthest first; every element was compared" in " ".join(run.text.split())
