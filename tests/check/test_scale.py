"""A scale is measured as far as an answer needs, and no verdict is another for it."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.candidates import embedded
from refdgm.check.judging.compare import compare
from refdgm.check.judging.scale import Scale
from refdgm.check.judging.tolerance import C, Tolerance
from refdgm.check.verdicts import AGREES, DIFFERS, LOSES, PASSING
from tests.check.judge import MEAN, VALUE, question, right

CHANGES = [{"a": np.array([1.0, 0.0]), "b": np.array([2.0])}, {"a": np.array([0.0, 3.0])}, {"a": np.array([5.0, 1.0])}]


def steps(asked):
    for change in CHANGES:
        asked["steps"] += 1
        yield (change,)


def scale(asked, read=lambda role, x: x):
    return Scale({"a": np.zeros(2), "b": np.zeros(1)}, steps(asked), read)


def test_no_more_is_measured_than_is_enough():
    """And what was measured for one role is there for the next."""
    asked = Counter()
    measured = scale(asked)
    assert measured.until("a", lambda x: True).max() == 0 and asked["steps"] == 0
    assert list(measured.until("a", lambda x: x[1] >= 2)) == [1, 3] and asked["steps"] == 2
    assert list(measured.until("b", lambda x: x[0] >= 2)) == [2] and asked["steps"] == 2
    assert list(measured.until("a", lambda x: False)) == [5, 3] and asked["steps"] == 3


def test_the_whole_of_it():
    """Is the largest of all changes, read as it is to be read; of no role there is nothing to measure."""
    whole = scale(Counter(), read=lambda role, x: x + (role == "b")).whole
    assert {role: list(x) for role, x in whole.items()} == {"a": [5, 3], "b": [3]}
    assert Scale({}, steps(Counter())).whole == {}


def test_one_scale_grows_within_another():
    """Step by step, from where it stands, and for both."""
    asked = Counter()
    measured = scale(asked)
    within = measured.growing()
    assert [x.max() for x in next(within).values()] == [0, 0] and asked["steps"] == 0
    assert list(next(within)["a"]) == [1, 0] and asked["steps"] == 1
    assert list(measured.until("a", lambda x: x[1] >= 2)) == [1, 3] and asked["steps"] == 2
    assert [list(one["a"]) for one in within] == [[5, 3]] and asked["steps"] == 3
    assert [list(one["a"]) for one in measured.growing()] == [[5, 3]]


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("share", [0.2, 0.9, 1.1, 30.0, 1e4, 1e9])
def test_the_verdict_is_that_of_the_whole(share, dtype):
    """Of answers that are off by shares of the conditioning, in every element: verdict, place and digits."""
    asked = question(dtype=dtype)
    whole, lazy = Tolerance(asked, dtype), Tolerance(asked, dtype)
    answers = {role: x + share * C * whole.conditioning[role] for role, x in right(asked).items()}
    assert whole.evaluation and whole.as_written
    assert list(map(str, compare(lazy, answers, []))) == list(map(str, compare(whole, answers, [])))


def test_a_right_answer_costs_a_step_or_two(monkeypatch):
    """Of the conditioning, where it is beyond a few roundings; of all forms, where it has lost digits: eˣ − 1 − x of
    its parts loses them."""
    case = draw(CATALOGUE["gaussian_kl"], 3)
    case.arrays.update({role: x / 64 for role, x in case.arrays.items() if role.startswith("input.")})
    asked = question(case=case)
    answers, beyond = right(asked), {VALUE: 20 * C * Tolerance(asked).conditioning[VALUE]}
    steps, plain = Counter(), Tolerance._changes

    def counted(self, *rest, **options):
        for change in plain(self, *rest, **options):
            steps["made"] += 1
            yield change

    monkeypatch.setattr(Tolerance, "_changes", counted)
    answers[MEAN] = answers[MEAN] * (1 + 1.1 * C * 2.0**-53)
    tolerance = Tolerance(asked)
    found = {one.role: one.verdict for one in compare(tolerance, answers, [])}
    assert found == dict.fromkeys(found, AGREES) and 0 < steps["made"] <= 3
    answers[VALUE] = answers[VALUE] + beyond[VALUE]
    found = {one.role: one.verdict for one in compare(tolerance, answers, [])}
    assert found[VALUE] == LOSES and steps["made"] == 6  # the first form in the dtype itself is enough
    answers[VALUE] = answers[VALUE] + 2 * np.max(tolerance.loose(VALUE))
    found = {one.role: one.verdict for one in compare(tolerance, answers, [])}
    assert found[VALUE] == DIFFERS and steps["made"] >= 6 * (1 + len(embedded.usual("gaussian_kl")))


def logistic(mean, log_scale):
    """One example of the middle one of three levels, at this mean and scale."""
    given = {"x": [[0.0]], "mean": [[mean]], "log_scale": [[log_scale]]}
    arrays = {f"input.{name}": np.array(x) for name, x in given.items()} | {"cotangent.value": np.array([1.5])}
    case = replace(draw(CATALOGUE["discretized_logistic_log_likelihood"], 3, options={"levels": 3}), arrays=arrays)
    return question("discretized_logistic_log_likelihood", case=case)


def test_a_form_that_is_no_number_measures_nothing():
    """Of e⁶⁰ for a scale 1 − e^{−w} is zero, and its logarithm none in both forms whose difference a linear softplus
    makes. The slope is what two halves leave of each other, over the scale: zero is as near as they come."""
    asked = logistic(0.25, 60.0)
    tolerance = Tolerance(asked)
    assert all(np.isfinite(tolerance.loosest(role)).all() for role in asked.base)
    answers = right(asked) | {MEAN: np.zeros((1, 1))}
    assert asked.expected[MEAN].any()
    assert {one.role: one.verdict for one in compare(tolerance, answers, [])}[MEAN] in PASSING
    answers = right(asked) | {MEAN: np.full((1, 1), np.exp(-60.0) / 2)}  # of one half alone
    assert {one.role: one.verdict for one in compare(tolerance, answers, [])}[MEAN] == DIFFERS


def first(mean):
    """As `logistic`, of the first level, whose bin is open."""
    asked = logistic(mean, -2.0)
    case = replace(asked.case, arrays=asked.case.arrays | {"input.x": np.array([[-1.0]])})
    return question(asked.ref.name, case=case)


def test_the_tail_of_a_softplus_that_is_linear_beyond_twenty():
    """−softplus(−a), a = −26, is a: that of PyTorch lacks e^a. At a = −12 it does not."""
    for mean, apart, verdict in ((3.0, 1.0, LOSES), (1.0, 1.0, DIFFERS), (3.0, 2.0**6, DIFFERS)):
        asked = first(mean)
        a = (-0.5 - mean) / np.exp(-2.0)
        answers = right(asked) | {VALUE: asked.expected[VALUE] + apart * np.exp(a)}
        assert {one.role: one.verdict for one in compare(Tolerance(asked), answers, [])}[VALUE] == verdict


def test_another_definition_may_err_in_its_own_text():
    """Of one component a cosine is ±1 and its slope zero: what both terms of it leave of each other, over the norm,
    which no form of the reference divides by."""
    name, convention = "info_nce", "cosines for products"
    case = draw(CATALOGUE[name], 1, sizes={"B": 4, "D": 1})
    small = np.array([[2.0], [-1.0], [0.5], [-1.5]]) / 2**12
    asked = question(name, case=replace(case, arrays=case.arrays | {"input.query": small}), convention=convention)
    own, likewise = Tolerance(asked), Tolerance(asked.of_the_reference)
    role = "gradient.query"
    assert not asked.expected[role].any()
    assert (own.evaluation[role] > 2**4 * likewise.evaluation[role]).all()
    terms = np.abs(case.arrays["cotangent.value"] / (small * case.arrays["input.tau"]))
    assert (own.evaluation[role] < 2.0**-50 * terms).all()
