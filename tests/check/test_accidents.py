"""Accidents that must not read as agreement."""

import numpy as np
import pytest

from refdgm import gaussian_kl as ours
from refdgm import gaussian_kl_between
from refdgm.cases import Case
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import CandidateError
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions.question import Question, Terms
from refdgm.testing import check


def kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


def pullback(mean, logvar):
    return lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * np.expm1(logvar) / 2}


def test_the_pair_itself_agrees():
    check(lambda mean, logvar: (kl(mean, logvar), pullback(mean, logvar)), "gaussian_kl", framework="numpy")


def test_inputs_changed_in_place():
    def candidate(mean, logvar):
        value, back = kl(mean, logvar), pullback(mean.copy(), logvar.copy())
        mean[...] = 0
        return value, back

    with pytest.raises(AssertionError, match="in place"):
        check(candidate, "gaussian_kl", framework="numpy")


def test_cotangents_changed_in_place():
    def candidate(mean, logvar):
        def back(bar):
            grads = pullback(mean, logvar)(bar)
            bar *= 2
            return grads

        return kl(mean, logvar), back

    with pytest.raises(AssertionError, match="in place"):
        check(candidate, "gaussian_kl", framework="numpy")


def test_half_precision_by_accident():
    half = lambda mean, logvar: (kl(mean, logvar).astype(np.float16), pullback(mean, logvar))
    with pytest.raises(AssertionError, match="float16"):
        check(half, "gaussian_kl", framework="numpy")


def test_our_own_function_is_no_candidate():
    with pytest.raises(CandidateError, match="own"):
        adapted(ours, ours)


def test_nothing_to_compare():
    with pytest.raises(CandidateError, match="nothing would be compared"):
        adapted(ours, {"function": kl, "outputs": []})


@pytest.mark.parametrize(("x", "verdict"), [(np.inf, "loses digits"), (np.nan, "differs"), (1.0, "differs")])
def test_where_the_definition_overflows_an_infinity_is_excused_and_nothing_else(x, verdict):
    """KL of two Gaussians of variance e^90, with means 1e20 apart: float32 holds neither e^90 nor the square."""
    column = lambda number: np.array([[number]])
    inputs = {"mean_q": column(1e20), "logvar_q": column(90.0), "mean_p": column(0.0), "logvar_p": column(90.0)}
    arrays = {f"input.{name}": x for name, x in inputs.items()} | {"cotangent.value": np.ones(1)}
    case = Case("gaussian_kl_between", "gaussian_kl_between/large", {}, arrays)
    question = Question(gaussian_kl_between, case, Terms(("value",), ()), "float32")
    tolerance = Tolerance(question, "float32")
    assert np.all(tolerance.overflows("output.value")) and np.all(question.expected["output.value"] < 10)
    (outcome,) = compare(tolerance, {"output.value": np.array([x])}, [])
    assert outcome.verdict == verdict
