"""What one evaluation shows of a row, what is told of it, and what is drawn for it, to the last of their conditions."""

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm.check.judging import tolerance as judging
from refdgm.check.judging.tolerance import Tolerance
from tests.check.judge import MEAN, VALUE, question

OTHER = {"name": "gaussian_log_density", "convention": "without the constant ½ log 2π"}


def looked(monkeypatch, asked, numbers):
    """What is evaluated for each of these looks: the form as it stands, the reference or a text, and by which seed."""
    told = []
    ones = SimpleNamespace(_changes=lambda text, first: iter([told.append((text, first)) or {VALUE: np.array(3.0)}]))
    monkeypatch.setattr(Tolerance, "_texts", [(ones, name) for name in "abcd"])
    tolerance = Tolerance(asked)
    tolerance._referred = lambda first: iter([told.append(("the reference", first)) or {VALUE: np.array(3.0)}])
    tolerance.forms = SimpleNamespace(native=lambda n: told.append(("as it stands", n)), off=lambda native: {})
    for number in numbers:
        allowed = tolerance.looked(VALUE, number)
        np.testing.assert_array_equal(allowed, tolerance._allowed(VALUE, 3.0 if number or asked.varied else 0.0))
    return told


def test_looks_are_by_turns_of_the_reference_and_of_the_texts(monkeypatch):
    """One text after the other, each with a seed of its own, once the form has been asked as it stands."""
    assert looked(monkeypatch, question(), range(11)) == [
        ("as it stands", 0), ("the reference", 1), ("a", 2), ("the reference", 3), ("b", 4), ("the reference", 5),
        ("c", 6), ("the reference", 7), ("d", 8), ("the reference", 9), ("a", 10)]


def test_another_definition_has_no_form_that_could_stand(monkeypatch):
    assert looked(monkeypatch, question(**OTHER), range(3)) == [("d", 0), ("the reference", 1), ("a", 2)]


def test_the_texts_of_a_reference_are_its_forms():
    tolerance = Tolerance(question("softmax"))
    assert [(one, text.args, text.func) for one, text in tolerance._texts] == [
        (tolerance, (form,), tolerance.forms.with_form) for form in tolerance.forms.usual]


def test_the_texts_of_another_definition_are_its_own_and_then_those_of_the_reference():
    tolerance = Tolerance(question(**OTHER), among=2**18)
    (one, text), *rest = tolerance._texts
    assert one is tolerance and text.args == (tolerance.question.body,) and text.func == tolerance._text
    assert [text.args for _, text in rest] == [(form,) for form in tolerance.forms.usual]
    assert all(not plain.question.varied and plain.among == 2**18 and text.func.__self__ is plain.forms
               for plain, text in rest)


def test_all_that_is_measured_of_it_is_of_as_many_numbers(monkeypatch):
    """The forms of the reference too, of which a part is asked no less often than the whole."""
    among, zeros = [], {role: np.zeros(x.shape) for role, x in question(**OTHER).base.items()}
    monkeypatch.setattr(Tolerance, "_changes",
                        lambda self, evaluate, **_: among.append((self.question.varied, self.among)) or iter([zeros]))
    tolerance = Tolerance(question(**OTHER), among=2**18)
    list(tolerance._evaluations())
    assert set(among) == {(True, 2**18), (False, 2**18)}


def test_digits_are_told_of_the_part_that_has_the_row():
    part = lambda name: SimpleNamespace(measured=lambda role, at: (name, role, at))
    tolerance = Tolerance(question())
    tolerance.parts[MEAN] = [([2, 5, 0], part("one")), ([1, 4], part("other"))]
    assert tolerance.measured(MEAN, (0, 2)) == ("one", MEAN, (2, 2))
    assert tolerance.measured(MEAN, (5, 1)) == ("one", MEAN, (1, 1))
    assert tolerance.measured(MEAN, (4, 0)) == ("other", MEAN, (1, 0))
    assert tolerance.measured(MEAN, (3, 2)) == tolerance._conditioning[MEAN][3, 2]


@pytest.mark.parametrize("among, first, seeds", [(0, 0, 6), (0, 5, 6), (99, 3, 6), (100, 3, 8), (2**18, 4, 14)])
def test_rows_of_many_numbers_are_asked_as_often_as_all(monkeypatch, among, first, seeds):
    """From the seed that is told."""
    drawn, noise = [], judging.noise
    monkeypatch.setattr(judging, "noise", lambda seed, *sizes: drawn.append(seed) or noise(seed, *sizes))
    asked = question()
    list(Tolerance(asked, among=among)._changes(lambda inputs, bars: asked.base, first=first))
    assert drawn == list(range(first, first + seeds))


@pytest.mark.parametrize("dtype, unit, times", [("float64", 2.0**-52, 2.0**17), ("float32", 2.0**-23, 1.0),
                                                ("bfloat16", 2.0**-23, 1.0)])
def test_twice_what_a_platform_declares_is_allowed(monkeypatch, dtype, unit, times):
    """In units in the last place of the accumulator, and as much more as the roundings of the measurement are."""
    given = []
    monkeypatch.setattr(judging, "slack", lambda sizes, seed: given.append((sizes, seed)) or nullcontext())
    asked = question(dtype=dtype, elementary={"exp": 3.0, "log": 5.0})
    list(Tolerance(asked, dtype)._changes(lambda inputs, bars: asked.base, seeds=2))
    (sizes, first), (_, second) = given
    assert (first, second) == (0, 1)
    assert 8 * sizes["exp"] == 2 * 3 * unit * times and 8 * sizes["log"] == 2 * 5 * unit * times


def test_a_platform_is_asked_at_last_and_where_it_declares_something(monkeypatch):
    """Thirty-two times."""
    told = []
    for declared in ({}, {"exp": 3.0}):
        asked = question(elementary=declared)
        monkeypatch.setattr(Tolerance, "_on_the_platform", lambda self: told.append(1) or self.question.base)
        steps = Tolerance(asked)._conditioning._steps
        next(steps)
        assert told == []
        list(steps)
        assert len(told) == (32 if declared else 0)


def test_a_spread_is_that_of_the_form_where_it_is_most():
    asked = question("softmax")
    tolerance = Tolerance(asked)
    most = {role: np.where(np.arange(x.size).reshape(x.shape) % 2, 3.0, 1.0) for role, x in asked.base.items()}
    first, second = object(), object()
    tolerance.forms = SimpleNamespace(usual=[first, second], with_form=None)
    tolerance._changes = lambda evaluate, seeds: iter([
        {role: x if evaluate is first else 4.0 - x for role, x in most.items()}] * seeds)
    with pytest.MonkeyPatch.context() as there:
        there.setattr(judging, "partial", lambda evaluate, form: form)
        for role, x in asked.base.items():
            np.testing.assert_allclose(tolerance.spread(role), 3.0 + 2.0**-53 * np.abs(x), rtol=1e-15)
