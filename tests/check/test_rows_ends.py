"""Rows of a large array where two of the rules for them meet, with errors and tolerances that are given."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.judging import rows
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import AGREES
from refdgm.declaration.domain import Array, Map
from tests.check.judge import MEAN, VALUE, judge, outcomes, question, right

ROLE, MANY, SPREAD = "output.value", 64, [0, 9, 18, 27, 36, 45, 54, 63]  # of 64 rows eight from all over


def numbered(many=MANY, name="softmax"):
    """A question whose rows have their number as their first logit."""
    ref = CATALOGUE[name]
    case = draw(ref, 5, "unit", {"B": many, "K": 4})
    case.arrays["input.logits"][:, 0] = np.arange(many)
    return Question(ref, case, Terms(tuple(ref.result), ref.wrt))


class Shown:
    """A tolerance that shows so much of every element, one look after the other."""

    def __init__(self, question, dtype="float64", among=0):
        self.question, self.dtype, self.among, self.parts, self.asked = question, dtype, among, {}, []

    @property
    def rows(self):
        return [int(n) for n in self.question.case.arrays["input.logits"][:, 0]]

    def looked(self, role, number):
        self.log.append((number, self.rows))
        return self.looks.get(number, np.zeros((MANY, 4)))[self.rows]


def asked(error, quick=1.0, looks=None, wrong=(), question=None):
    """The bounds of rows with these errors, which rows were judged together, and which were looked at."""
    error = np.asarray(error, float)
    quick, judged, log = np.broadcast_to(quick, error.shape), [], []
    kind = type("Given", (Shown,), {"looks": looks or {}, "log": log})
    whole = kind(question or numbered(len(error)))

    def judge(one, role, got, error, quick):
        judged.append(one.rows)
        assert role == ROLE and one.among == got.size * MANY // len(got) and np.array_equal(got[:, 0], one.rows)
        beyond = np.zeros(error.shape, bool)
        beyond[[one.rows.index(n) for n in wrong if n in one.rows], 0] = True
        return rows.Bounds(quick + 1, quick + 2, error > quick, beyond)

    got = np.zeros(error.shape) + np.arange(len(error))[:, None]
    bounds = rows._Rows(whole, ROLE, got, error, quick, judge).found()
    assert [(some, one.rows) for some, one in whole.parts[ROLE]] == [(some, some) for some in judged]
    return bounds, judged, log


def off(*pairs):
    """Errors of a half of what is allowed, but of these rows, which have one element that is off by so much."""
    error = np.full((MANY, 4), 0.5)
    for n, much in pairs:
        error[n, 2] = much
    return error


@pytest.fixture
def four(monkeypatch):
    """Four rows at once."""
    monkeypatch.setattr(rows, "PART", 16)


class TestWhoHasRows:
    def reached(self, monkeypatch, shape, question):
        monkeypatch.setattr(rows, "_Rows", lambda *given: SimpleNamespace(found=lambda: given))
        return rows.judged(SimpleNamespace(question=question), ROLE, None, np.zeros(shape), None, None) is not None

    @pytest.mark.parametrize("shape, reached", [((2**9, 2**9), True), ((2**9 - 1, 2**9 + 1), False), ((2**18,), False),
                                                ((2**17, 2), True), ((1, 2**18), True), ((4, 2**8, 2**8), True)])
    def test_an_array_with_axes_of_so_many_numbers(self, monkeypatch, shape, reached):
        """One row is enough."""
        assert self.reached(monkeypatch, shape, numbered(1)) is reached

    def test_not_where_the_question_has_none(self, monkeypatch):
        asked = numbered(2)
        assert not self.reached(monkeypatch, (2**9, 2**9), replace(asked, terms=replace(asked.terms, reduction="sum")))

    @pytest.mark.parametrize("shapes, per, rowed", [
        ([("B", "K"), ("K",)], "K", True), ([("B", "K"), ("B", "B")], "K", False), ([("B",), ("K", "B")], "K", False),
        ([("B",), ("B",)], "B", False)])
    def test_not_where_an_axis_or_a_share_is_of_the_batch(self, shapes, per, rowed):
        domains = {f"x{n}": Array(shape) for n, shape in enumerate(shapes)}
        asked = replace(numbered(2), ref=SimpleNamespace(args=domains | {"steps": 3}, result={}))
        vars(asked)["convention"] = SimpleNamespace(maps={"x0": Map(1.0, 0.0, per)})
        assert (rows.of(asked, [0]) is not None) is rowed


class TestWhichAreAsked:
    def test_parts_of_two_to_the_sixteen_numbers(self):
        """Of rows of 2¹⁴ four at once, at first three that are furthest."""
        error = np.broadcast_to(2.0 + np.arange(16)[:, None], (16, 2**14))
        kind = type("Given", (Shown,), {"looked": lambda self, role, number: 0.0})
        judged = []

        def judge(one, role, got, error, quick):
            judged.append(one.rows)
            return rows.Bounds(1.0, 1.0, True, np.zeros(error.shape, bool))

        rows._Rows(kind(numbered(16)), ROLE, error, error, np.broadcast_to(1.0, error.shape), judge).found()
        assert judged == [[0, 2, 4, 6, 8, 10, 12, 13, 14, 15], [5, 7, 9, 11], [1, 3]]

    def test_who_is_within_is_measured_where_he_stands_for_all(self, four):
        bounds, judged, log = asked(off((5, 1.0), (6, 1.0)))
        assert judged == [SPREAD] and log == []
        assert np.flatnonzero(bounds.measured).tolist() == SPREAD
        left = ~bounds.measured
        assert (bounds.strict[left] == np.inf).all() and (bounds.loose[left] == np.inf).all()
        assert not bounds.lost[left].any() and not bounds.wrong[left].any()
        assert (bounds.strict[SPREAD] == 2).all() and (bounds.loose[SPREAD] == 3).all()

    def test_the_furthest_by_what_is_allowed_him(self, four):
        """In one element, and not by his error; three of them."""
        quick = np.ones((MANY, 4))
        quick[20:30] = 2.0**-20
        error = off((1, 8.0), (2, 16.0), (3, 1.5))
        error[20:30] = 2.0**-22
        error[[20, 21], 3] = 2.0**-10
        error[22, 0] = 2.0**-15
        judged = asked(error, quick, looks={0: np.full((MANY, 4), 64.0)})[1]
        assert judged == [sorted({*SPREAD, 20, 21, 22})]

    def test_one_at_least_and_one_at_once_of_rows_that_are_longer(self, monkeypatch):
        monkeypatch.setattr(rows, "PART", 2)
        judged = asked(off((1, 4.0), (2, 8.0), (3, 2.0)))[1]
        assert judged == [sorted({*SPREAD, 2}), [1], [3]]

    @pytest.mark.parametrize("number", [0.0, 5e-324])
    def test_of_nothing_the_smallest_number_is_allowed(self, four, number):
        """Nothing by nothing is no number, and no reason to look."""
        error, quick = off(), np.ones((MANY, 4))
        error[7, 1], quick[7, 1] = number, 0.0
        assert asked(error, quick)[1] == [SPREAD]
        error[8, 1], quick[8, 1] = 1e-323, 0.0
        assert asked(error, quick)[1] == [sorted({*SPREAD, 8})]

    def test_until_one_is_wrong(self, four):
        far = [(n, 100.0 - n) for n in range(1, 9)]
        every = [sorted({*SPREAD, 1, 2, 3}), [4, 5, 6, 7], [8]]
        assert asked(off(*far))[1] == every
        for n, many in ((1, 1), (6, 2), (8, 3)):
            bounds, judged, _ = asked(off(*far), wrong=(n,))
            assert judged == every[:many] and np.flatnonzero(bounds.wrong.any(axis=1)).tolist() == [n]
            assert bounds.lost[n].tolist() == [False, False, True, False]

    def test_parts_are_in_order_and_none_is_left_out(self):
        assert list(rows._parts([5, 3, 9, 1, 7], 2)) == [[3, 5], [1, 9], [7]]


class TestLooks:
    """Of rows beyond the first part, 4 to 7."""

    FAR = tuple((n, 100.0 - n) for n in range(1, 8))
    FIRST = sorted({*SPREAD, 1, 2, 3})

    def look(self, *pairs):
        """What is shown of elements, and nothing of the others."""
        x = np.zeros((MANY, 4))
        for place, much in pairs:
            x[place] = much
        return x

    def test_twelve_of_rows_that_none_has_shown_to_be_right(self, four):
        _, judged, log = asked(off(*self.FAR))
        assert judged == [self.FIRST, [4, 5, 6, 7]]
        assert log == [(number, [4, 5, 6, 7]) for number in range(12)]

    def test_who_is_shown_is_looked_at_no_more(self, four):
        """By as much as he is off, and no less."""
        looks = {3: self.look(((5, 2), 95.0), ((6, 2), 94.0 - 2.0**-40)), 11: self.look(((6, 2), 94.0))}
        _, judged, log = asked(off(*self.FAR), looks=looks)
        assert judged == [self.FIRST, [4, 7]]
        assert log == [(number, [4, 5, 6, 7] if number <= 3 else [4, 6, 7]) for number in range(12)]

    def test_every_element_by_any_of_them(self, four):
        """What is within by its own number needs none, were there as little to spare."""
        error = off(*self.FAR)
        error[4:8, 0], error[4:8, 1] = 3.0, 1.0
        looks = {0: self.look(((4, 0), 3.0), ((5, 2), 95.0), ((6, 0), 3.0)),
                 1: self.look(((4, 2), 96.0), ((7, 2), 93.0))}
        assert asked(error, looks=looks)[1] == [self.FIRST, [5, 6, 7]]

    def test_that_some_answer_as_beside_all(self, four):
        question = numbered()
        for change in (lambda y: y + (np.arange(MANY) == 9)[:, None] * 2.0**-20, lambda y: y[:, :3]):
            vars(question)["base"] = {ROLE: change(numbered().base[ROLE])}
            with pytest.raises(rows._Mixed):
                asked(off(), question=question)


    def test_of_rows_that_do_not_nothing_is_kept(self, four):
        """Where those of the first part do, and one of the next does not."""
        question, kind = numbered(), type("Given", (Shown,), {"log": []})
        question.base[ROLE][5] += 2.0**-20
        whole = kind(question)
        right = lambda one, role, got, error, quick: rows.Bounds(quick, quick, error > quick, np.zeros(got.shape, bool))
        given = off(*self.FAR), np.ones((MANY, 4)), right
        kept = rows._Rows(whole, ROLE, given[0], *given)
        with pytest.raises(rows._Mixed):
            kept.found()
        assert len(whole.parts[ROLE]) == 1
        with pytest.MonkeyPatch.context() as there:
            there.setattr(rows, "MANY", MANY * 4)
            assert rows.judged(whole, ROLE, given[0], *given) is None
        assert ROLE not in whole.parts


class TestSame:
    SAME = 2.0**-26

    def same(self, whole, *pairs):
        """Whether it is where these elements are off by so much."""
        whole = np.array(whole)
        part = whole.copy()
        for place, by in pairs:
            part[place] += by
        return rows._same(part, whole)

    def test_as_far_as_the_largest_number_of_the_row_lets_a_sum_be(self):
        whole = [[-4.0, 0.0, 0.25], [0.5, 0.25, 0.125]]
        for by in (4 * self.SAME, -4 * self.SAME):
            assert self.same(whole, ((0, 1), by)) and not self.same(whole, ((0, 1), by * (1 + 2.0**-20)))
            assert self.same(whole, ((1, 1), by / 8)) and not self.same(whole, ((1, 1), by / 4))
            assert not self.same(whole, ((1, 0), by), ((0, 1), by))

    def test_of_every_axis_but_the_rows(self):
        whole = [[[4.0, 1.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]]
        assert self.same(whole, ((0, 1, 0), 4 * self.SAME)) and not self.same(whole, ((2, 1, 0), 4 * self.SAME))

    def test_what_is_no_number_or_infinite_is_so_in_both(self):
        whole = [[np.inf, -np.inf, np.nan, 0.25]]
        assert self.same(whole, ((0, 3), 0.25 * self.SAME)) and not self.same(whole, ((0, 3), 0.5 * self.SAME))
        for n, other in ((0, -np.inf), (0, 1.0), (1, np.nan), (2, 0.0), (2, np.inf), (3, np.nan), (3, np.inf)):
            part = np.array(whole)
            part[0, n] = other
            assert not rows._same(part, np.array(whole))


class TestTold:
    """What the comparison makes of it."""

    def test_who_is_beyond_by_nothing_is_not_asked_by_rows(self, monkeypatch):
        asked = question()
        asked.expected[MEAN][...] = 1.0
        answers = right(asked)
        answers[MEAN][1, 1] += 2.0**-50
        monkeypatch.setattr(rows, "judged", lambda *given: pytest.fail("by rows"))
        assert outcomes(judge(asked), answers)[MEAN].verdict == AGREES

    def test_of_how_many_rows_the_digits_were_asked(self, monkeypatch):
        asked = question()
        answers = right(asked)
        answers[MEAN][1, 1] += 2.0**-40
        measured = np.array([True, False, True, True, False])
        monkeypatch.setattr(rows, "judged", lambda tolerance, role, got, error, quick, judge: replace(
            judge(tolerance, role, got, error, quick), measured=measured))
        every = outcomes(judge(asked), answers)
        assert every[MEAN].rows == (3, 5) and every[VALUE].rows is None
