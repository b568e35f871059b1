"""Candidates in half precision: right ones are not called another function, wrong ones are."""

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.catalogue import CATALOGUE
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.noise import in_bfloat16, perturbed
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

RIGHT = """
    import torch

    def gumbel_softmax(logits, gumbel, tau):
        return torch.softmax((logits + gumbel) / tau, -1)

    def gaussian_kl(mean, logvar):
        return (mean**2 + logvar.exp() - 1 - logvar).sum(-1) / 2

    def classifier_free_guidance(eps_cond, eps_uncond, gamma):
        return eps_uncond + gamma * (eps_cond - eps_uncond)
"""
WRONG = """
    import torch

    def gumbel_softmax(logits, gumbel, tau):
        return torch.softmax((logits - gumbel) / tau, -1)

    def gaussian_kl(mean, logvar):
        return (mean**2 + logvar.exp() - 1 - logvar).sum(-1)

    def classifier_free_guidance(eps_cond, eps_uncond, gamma):
        return eps_uncond - gamma * (eps_cond - eps_uncond)
"""
DTYPES = pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
NAMES = ("gumbel_softmax", "gaussian_kl", "classifier_free_guidance")


SINGLE = """
    import torch

    def gaussian_kl(mean, logvar):
        mean, logvar = mean.float(), logvar.float()
        return (mean**2 + logvar.exp() - 1 - logvar).sum(-1) / {}
"""


@pytest.mark.needs("torch")
def test_float32_answers_to_float64_questions_have_a_verdict_of_their_own(refdgm_check):
    run = refdgm_check(SINGLE.format(2), "--report", "junit.xml")
    assert (run.code, run.verdict("gaussian_kl")) == (0, "agrees in float32")
    assert "1 of 1 functions agree, 1 of them in float32 only" in run.text
    assert "(not certified: answers in float32 to float64)" in run.text and "(certified)" not in run.text
    assert 'if that is meant, declare "dtype": "float32" or pass --dtype' in run.text
    (function,) = run.report["functions"]
    assert not function["certified"] and {case["verdict"] for case in function["cases"]} == {"agrees in float32"}
    assert refdgm_check(SINGLE.format(2), "--strict").code == 1


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.needs("torch")
def test_float32_that_is_declared_or_asked_for_is_certified(refdgm_check, declared):
    entry = """
    CANDIDATES = {"gaussian_kl": {"function": gaussian_kl, "dtype": "float32"}}
    """
    run = refdgm_check(SINGLE.format(2) + entry if declared else SINGLE.format(2),
                       *(() if declared else ("--dtype", "float32")))  # fmt: skip
    assert run.verdict("gaussian_kl") == "loses digits" and "(certified)" in run.text


@pytest.mark.needs("torch")
def test_wrong_ones_in_float32_differ_and_are_not_certified(refdgm_check):
    run = refdgm_check(SINGLE.format(1))
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")
    assert not run.report["functions"][0]["certified"]


@pytest.mark.needs("torch")
def test_a_lower_dtype_fails_under_strict_in_ones_own_tests():
    import torch

    single = lambda logits: torch.log_softmax(logits.float(), -1)
    assert check(single, "log_softmax", framework="torch").verdict == "agrees in float32"
    with pytest.raises(AssertionError, match="log_softmax: agrees in float32"):
        check(single, "log_softmax", framework="torch", strict=True)


@pytest.mark.needs("torch")
def test_rounding_is_that_of_bfloat16():
    """Against another library's conversion, at every magnitude, ties and overflow included."""
    import torch

    rng = np.random.default_rng(0)
    x = rng.normal(size=20_000) * 10.0 ** rng.uniform(-40, 38, 20_000)
    ties = (1 + (2 * np.arange(64) + 1) / 256) * 2.0 ** rng.integers(-20, 20, 64)
    x = np.concatenate([x, ties, -ties, [0.0, -0.0, np.inf, -np.inf, np.nan, 3.4e38]])
    with in_bfloat16():
        got = perturbed(x)
    want = torch.asarray(x).to(torch.float32).to(torch.bfloat16).to(torch.float64).numpy()
    np.testing.assert_array_equal(got, want)
    assert perturbed(np.float64(1 / 3)) == 1 / 3  # outside nothing errs


@DTYPES
@pytest.mark.needs("torch")
def test_right_ones_lose_digits_at_most(refdgm_check, dtype):
    run = refdgm_check(RIGHT, "--dtype", dtype)
    assert run.code == 0, run.text
    assert {run.verdict(name) for name in NAMES} <= {"agrees", "loses digits"}


@DTYPES
@pytest.mark.needs("torch")
def test_wrong_ones_differ(refdgm_check, dtype):
    run = refdgm_check(WRONG, "--dtype", dtype)
    assert run.code == 1
    assert {run.verdict(name) for name in NAMES} <= {"differs", "agrees under convention"}
    assert run.verdict("gumbel_softmax") == run.verdict("classifier_free_guidance") == "differs"


def test_a_form_that_numpy_has_not_in_half_precision_is_no_fault():
    """Eigenvalues: of the two forms of a Fréchet distance one is left to measure by."""
    ref = CATALOGUE["frechet_distance"]
    tolerance = Tolerance(Question(ref, draw(ref, 3), Terms(tuple(ref.result), ref.wrt), "float16"), "float16")
    assert [bool(native) for native in tolerance.forms.natives()] == [True, False]
    assert all((tolerance.loosest(role) > 0).all() for role in tolerance.question.base)
    assert all(Tolerance(tolerance.question, "float32").forms.natives())


def test_questions_without_meaning_are_not_asked(refdgm_check):
    """A state beyond the range of float16 is no question there, and is one in bfloat16."""
    for dtype, told in (("float16", "1 of 24 cases are not asked in float16: residual_block/024, for z holds"),
                        ("bfloat16", "")):  # fmt: skip
        run = refdgm_check(None, "--select", "residual_block", "--dtype", dtype)
        (function,) = run.report["functions"]
        assert run.code == 0 and len(function["cases"]) == (23 if told else 24)
        assert [told in note for note in function["notes"] if "not asked" in note] == [True] * bool(told)


@DTYPES
@pytest.mark.parametrize("name", ["gaussian_kl", "ancestral_step"])
def test_a_second_look_in_float32_is_at_the_rounded_inputs(name, dtype):
    """Whose answers are not the certified ones, which are those of other inputs."""
    ref, changed = CATALOGUE[name], 0
    for case in shipped(ref):
        low = Question(ref, case, Terms(tuple(ref.result), ref.wrt), dtype)
        if low.changed and not low.meaningless:
            other = Question(ref, low.as_rounded, low.terms, "float32")
            assert not other.certified and all(np.array_equal(x, low.base[role]) for role, x in other.expected.items())
            changed += 1
    assert changed > 10


@DTYPES
def test_where_points_fall_together_a_slope_is_no_question(dtype):
    """Of 1025 numbers many are equal in half precision; of three none is."""
    ref = CATALOGUE["wasserstein_distance_1d"]
    few, many = (Question(ref, draw(ref, 1, sizes={"B": B, "M": 2}), Terms(tuple(ref.result), ref.wrt), dtype)
                 for B in (3, 1025))
    assert not few.meaningless and "points of real and fake fall together" in many.meaningless
    assert not Question(ref, many.case, many.terms, "float64").meaningless
