"""The judge to the last of its conditions: what is excused and what is not, and the arithmetic of its scales."""

from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check import verdicts
from refdgm.check.judging import answered
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome, discrete
from refdgm.check.judging.tolerance import C
from refdgm.check.questions.cases import TILES
from refdgm.check.verdicts import AGREES, DIFFERS, ILL, LOSES, MISSING, NONE
from tests.check.judge import LOOSE, LOOSEST, MEAN, STRICT, VALUE, given, judge, outcomes, question, right


class TestAnswersThatAreGiven:
    def test_inputs_that_give_no_number_are_refused(self):
        """If it is but one."""
        asked = question()
        asked.base[VALUE][1] = np.nan
        assert answered.wrong(asked, right(asked)) == "output.value is no number for these inputs; give others"

    def test_each_answer_is_judged_in_the_dtype_in_which_it_is_stored(self):
        asked = question()
        answers = right(asked)
        near = {role: (x * (1 + 2.0**-26)) for role, x in answers.items()}
        assert answered.wrong(asked, {role: x.astype(np.float32) for role, x in near.items()}) == ""
        assert answered.wrong(asked, answers) == "" and "right is" in answered.wrong(asked, near)
        assert "right is" in answered.wrong(asked, answers | {MEAN: near[MEAN].astype(np.float32), VALUE: near[VALUE]})

    def test_a_mistake_is_apart_by_a_millionth(self):
        """Of the number, or of a millionth of the largest."""
        right_, least = np.array([0.0, 1.0]), 1e-6 * 1e-6
        for theirs, apart in (([least, 1 + 1e-9], False), ([np.nextafter(least, 1), 1.0], True), ([0, 1 + 2e-6], True)):
            assert answered._apart(np.array(theirs), right_) is apart

    def test_a_mistake_is_seen_by_one_role_of_one_case(self, monkeypatch):
        """One that cannot run is not seen."""
        ref = CATALOGUE["gaussian_kl"]
        cases = [draw(ref, seed) for seed in (3, 4)]
        seen = cases[1].arrays["input.mean"]

        def sign(mean, logvar):
            value, pullback = ref.body(mean, logvar)
            flip = -1 if np.array_equal(mean, seen) else 1
            return value, lambda bar: pullback(bar) | {"mean": flip * pullback(bar)["mean"]}

        def none(mean, logvar):
            raise ValueError("shapes")

        wrong = [SimpleNamespace(name="sign", body=sign), SimpleNamespace(name="none", body=none)]
        monkeypatch.setattr(answered.find, "mistakes", lambda name: wrong)
        assert answered.unseen(ref, cases) == ["none"]
        assert answered.unseen(ref, cases[:1]) == ["sign", "none"]


class TestFunctions:
    REF = CATALOGUE["gaussian_kl"]

    def test_a_title_has_what_tells_it_from_others(self):
        title = lambda **more: Checked(self.REF, "float32", **more).title
        assert title() == "gaussian_kl" and title(file="a.py") == "a.py: gaussian_kl"
        assert title(among=True) == "gaussian_kl float32"
        assert title(file="a.py", among=True) == "a.py: gaussian_kl float32"

    def test_certified_is_who_answered_every_case_in_full(self):
        def certified(*each, **more):
            asked = [SimpleNamespace(certified=yes, case=SimpleNamespace(flags=(TILES,) * long)) for yes, long in each]
            return Checked(self.REF, results=[Result(one, AGREES, **more) for one in asked]).certified

        assert certified((True, 0), (True, 0)) and certified((True, 0), (False, 1))
        assert not certified((True, 0), (False, 0)) and not certified((True, 0), coarse=True)

    def test_one_case_with_gradients_is_enough(self):
        with_, without = (SimpleNamespace(terms=SimpleNamespace(gradients=yes)) for yes in (True, False))
        alone = lambda *asked: Checked(self.REF, results=[Result(one, AGREES) for one in asked]).value_alone
        assert alone(without, without) and not alone(without, with_) and not alone(with_, with_)

    def test_rounds_are_counted_together(self):
        one, other = Checked(self.REF, asked=3, notes=["a"]), Checked(self.REF, asked=2, notes=["b", "a"])
        one.joined(other)
        assert (one.asked, one.notes) == (5, ["a", "b"])

    def test_all_parameters_are_of_one_argument(self):
        roles = ("gradient.theta.w1", "output.value", "gradient.theta.w2", "gradient.x")
        one = Checked(self.REF, results=[Result(question(), AGREES, [Outcome(role, AGREES) for role in roles])])
        assert list(one.by_role()) == ["gradient.theta", "output.value", "gradient.x"]

    @pytest.mark.parametrize("found, verdict", [(AGREES, verdicts.STALE), (DIFFERS, DIFFERS)])
    def test_a_difference_that_is_meant_and_is_not_there_is_stale(self, found, verdict):
        results = [Result(question(), found, [Outcome(VALUE, found)])]
        one = Checked(self.REF, results=results, asked=1, expected=object(), unexpected="it agrees")
        assert one.verdict == verdict


class TestWhatIsNotAsked:
    def test_a_gradient_has_no_path_where_all_outputs_came(self):
        """Of one that is missing nobody knows."""
        asked = question("flow_matching_path")
        answers = {role: x for role, x in right(asked).items() if role != "gradient.x0"}
        assert outcomes(judge(asked), answers, ["x0"])["gradient.x0"].note == verdicts.NO_PATH
        del answers["output.target"]
        assert outcomes(judge(asked), answers, ["x0"])["gradient.x0"].verdict == MISSING

    def test_a_gradient_that_nobody_asked_for_may_be_zero(self):
        """All of it, and then it agrees; a framework that gives some of it has a path."""
        asked = question("alpha_products", minded=())
        role = "gradient.beta"
        answers = {name: x for name, x in right(asked).items() if name != role}
        assert outcomes(judge(asked), answers)[role].verdict == NONE
        some = np.where(np.arange(4) == 1, asked.expected[role] + 1, 0.0)
        assert outcomes(judge(asked), answers | {role: some})[role].verdict == DIFFERS
        asked.expected[role][...] = 0.0
        assert outcomes(judge(asked), answers)[role].verdict == AGREES


class TestElements:
    def test_below_zero_too_what_no_number_of_the_dtype_is_is_infinite(self):
        asked = question(dtype="float32")
        asked.expected[VALUE][0] = -(2.0**129)
        answers = right(asked)
        answers[VALUE][0] = -np.inf
        assert outcomes(judge(asked), answers)[VALUE].verdict == AGREES

    def test_for_a_few_roundings_nothing_is_measured(self):
        """Nor of a right zero; nor is more than a second scale, of what lies within it."""
        asked = question()
        asked.expected[MEAN][0, 0] = 0.0
        tolerance = judge(asked)
        tolerance.loosest = None
        answers = right(asked)
        answers[MEAN][1, 1] = C * (LOOSE + 2.0**-53 * abs(answers[MEAN][1, 1])) + answers[MEAN][1, 1]
        asked.expected[MEAN][1, 1] = 0.0
        answers[MEAN][1, 1] = C * LOOSE
        assert outcomes(tolerance, answers)[MEAN].verdict == LOSES
        tolerance.strict = tolerance.loose = None
        answers = right(asked)
        answers[VALUE] *= 1 + (C - 2) * 2.0**-53
        assert outcomes(tolerance, answers)[VALUE].verdict == outcomes(tolerance, answers)[MEAN].verdict == AGREES

    @pytest.mark.parametrize("number, of", [(np.inf, "overflows"), (np.nan, "overflows_in_half")])
    def test_where_a_definition_overflows_and_nowhere_else(self, number, of):
        """An infinity; a NaN where half precision does."""
        asked = question(dtype="float16")
        for at, verdict in ((1, LOSES), (2, DIFFERS)):
            tolerance = judge(asked)
            tolerance.overflows = tolerance.overflows_in_half = lambda role: False
            setattr(tolerance, of, lambda role: np.arange(5) == 1)
            answers = right(asked)
            answers[VALUE][at] = number
            assert outcomes(tolerance, answers)[VALUE].verdict == verdict

    def test_digits_and_ulps(self):
        """Of a zero the digits are those behind the point; of a number below zero as of one above; never below none."""
        asked = question()
        asked.expected[VALUE][...] = [0.0, 0.0, -3.0, -3.0, 2.0]

        def one(at, got):
            answers = right(asked)
            answers[VALUE][at] = got
            return outcomes(judge(asked), answers)[VALUE]

        assert one(0, 1e-9).digits == pytest.approx(9, abs=1e-9) and one(1, 3 * 5e-324).ulps == 3
        assert one(2, -3.0 - 2.0**-20).ulps == pytest.approx(2.0**-20 / (3 * 2.0**-52))
        assert one(3, 300.0).digits == 0.0 == one(4, -1e4).digits and one(0, 1e-20).digits == 17.0


class TestWhatIsNoQuestion:
    """Where no digit is left of any number; of a zero there is none to lose."""

    def found(self, expected, scales, off):
        asked = question()
        asked.expected[VALUE][...] = expected
        answers = right(asked)
        answers[VALUE] += off
        return outcomes(judge(asked, scales), answers)[VALUE].verdict

    def test_a_tolerance_as_large_as_the_number_leaves_nothing(self):
        assert self.found(1.0, (2.0**-3 - 2.0**-53, 1.0, 1.0), 2.0**-30) == ILL
        assert self.found(1.0, (2.0**-3 - 2.0**-52, 1.0, 1.0), 2.0**-30) == AGREES

    def test_zeros_do_not_count_and_small_numbers_do(self):
        assert self.found([0, 1, 1, 1, 1], (1.0, 1.0, 1.0), 2.0**-30) == ILL
        assert self.found([2, 1e-3, 4, 2, 2], (2.0, 2.0, 2.0), [0, 0, 1, 1, 1]) == ILL
        asked = question()
        asked.expected[VALUE][...] = [2, 0.5, 4, 2, 2]
        tolerance = judge(asked)
        some = np.array([2.0, 2.0**-40, 2.0, 2.0, 2.0])
        vars(tolerance)["_conditioning"] = given(tolerance._conditioning._largest | {VALUE: some})
        answers = right(asked)
        answers[VALUE][2] += 1
        assert outcomes(tolerance, answers)[VALUE].verdict == AGREES

    def test_where_one_element_has_lost_digits_all_are_held_against_what_that_takes(self):
        assert self.found(1.0, (STRICT, 1.0, 1.0), [0, 1e-6, 0, 0, 0]) == ILL
        assert self.found(1.0, (STRICT, LOOSE, LOOSEST), [0, C * LOOSE / 2, 0, 0, 0]) == LOSES


class TestChoices:
    def test_one_index_that_is_no_whole_number_is_enough(self):
        asked = question("gumbel_max", case=draw(CATALOGUE["gumbel_max"], 3))
        answers = {VALUE: right(asked)[VALUE].astype(float)}
        answers[VALUE][2] += 0.5
        one = outcomes(judge(asked), answers)[VALUE]
        assert (one.verdict, one.note, one.digits) == (DIFFERS, "not whole numbers", 0.0)

    def test_one_hot_rows_are_choices_and_probabilities_are_none(self):
        """Nor are the numbers of a choice that are not all zeros and ones."""
        hard, soft = question("straight_through_gumbel_softmax"), question("softmax")
        assert discrete(hard, VALUE) and not discrete(hard, "gradient.logits")
        soft.expected[VALUE][...] = hard_row(soft.expected[VALUE])
        assert not discrete(soft, VALUE)
        hard.expected[VALUE][0, :2] = 0.5
        assert not discrete(hard, VALUE)

    def tie(self, many):
        """Two that are so many spacings apart, at the place of the second row, and the other one chosen."""
        case = draw(CATALOGUE["straight_through_gumbel_softmax"], 3)
        case.arrays["input.logits"][1] = 0.0
        case.arrays["input.gumbel"][1] = [0.5, 1.0, 1.0 + many * 2.0**-52, 0.0, 0.0, 0.0, 0.0]
        asked = question("straight_through_gumbel_softmax", case=case)
        answers = right(asked)
        answers[VALUE][1, [1, 2]] = answers[VALUE][1, [2, 1]]
        return asked, answers

    def test_a_tie_of_several_roundings_is_one(self):
        """Whatever of the same case agrees."""
        asked, answers = self.tie(3)
        answers[VALUE] *= 1 + 2.0**-50  # as (hard − soft) + soft is not quite hard
        found = outcomes(judge(asked), answers)
        assert found[VALUE].note == "a tie, within rounding" and found["gradient.logits"].verdict == AGREES
        asked, answers = self.tie(64)
        assert outcomes(judge(asked), answers)[VALUE].verdict == DIFFERS

    def test_what_would_be_the_right_choice_if_it_were_rounded_is_wrong(self):
        """Soft numbers where hard ones are asked for."""
        case = draw(CATALOGUE["straight_through_gumbel_softmax"], 3)
        case.arrays["input.logits"] *= 16
        asked = question("straight_through_gumbel_softmax", case=case)
        answers = right(asked)
        answers[VALUE] = 0.75 * answers[VALUE] + 0.25 / 7
        assert outcomes(judge(asked), answers)[VALUE].verdict == DIFFERS
        answers[VALUE] = 0.75 * right(asked)[VALUE]
        assert outcomes(judge(asked), answers)[VALUE].verdict == DIFFERS
        near = right(asked)
        near[VALUE] += 2.0**-52 * near[VALUE]
        assert outcomes(judge(asked), near)[VALUE].verdict == AGREES

    def test_a_choice_of_another_shape_is_no_tie(self):
        asked, answers = self.tie(1)
        answers[VALUE] = answers[VALUE][:, :-1]
        assert outcomes(judge(asked), answers)[VALUE].verdict == DIFFERS

    def test_of_two_choices_each_has_to_be_a_tie(self):
        asked = question("rbm_gibbs_chain")
        answers = right(asked)
        answers["output.visible"] = 1 - answers["output.visible"]
        assert outcomes(judge(asked), answers)["output.visible"].verdict == DIFFERS


def hard_row(x):
    return np.eye(x.shape[-1])[np.argmax(x, axis=-1)]
