"""The scales of the judge to the last of their conditions: how far each is measured, and what it is made of."""

from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.check.dtypes import SMALLEST
from refdgm.check.judging import tolerance as judging
from refdgm.check.judging.scale import Scale
from refdgm.check.judging.tolerance import SEEDS, UNDERFLOW, C, Tolerance
from refdgm.check.questions.question import Question, Terms
from tests.check.judge import MEAN, VALUE, judge, question


def vanished():
    raise FloatingPointError("overflow")


def growing(expected, scales, dtype="float32"):
    """A tolerance whose scale grows so, and the steps that are left after it was asked."""
    asked = question(dtype=dtype)
    asked.expected[VALUE][...] = expected
    tolerance = Tolerance(asked, dtype)
    zeros = {role: np.zeros(x.shape) for role, x in asked.base.items()}
    left = iter([({VALUE: np.full(5, scale)},) for scale in scales])
    vars(tolerance)["_conditioning"] = Scale(zeros, left)
    return tolerance, left


@pytest.mark.parametrize("expected, scales, error, left", [
    (1.0, [2.0**-20, 1.0], 2.0**-17, 1),  # within the first
    (1.0, [2.0**-20, 1.0], 2.0**-10, 0),  # beyond it
    (1.0, [2.0**-20, 1.0], 8 * (2.0**-20 + 2.0**-24), 1),  # at its end
    (-1.0, [2.0**-20, 1.0], 2.0**-17, 1),
    (1.0, [2.0**-15 - 2.0**-24, 1.0, 1.0], 2.0**-13, 0),  # within, and half of the digits are gone: told by all
    (2.0**10, [2.0**-7, 1.0], 2.0**-5, 1),  # the half is of the number
    (2.0**10, [2.0**-4, 1.0], 2.0**-5, 0),
    ([1.0, 1e-9, 1e-9, 1e-9, 1e-9], [2.0**-20, 1.0], 2.0**-17, 1),  # of one of them
    ([1.0, 0.0, 1.0, 1.0, 1.0], [2.0**-10, 1.0], 2.0**-9, 0),  # of a zero there is none
    (0.0, [2.0**-10, 1.0], 2.0**-9, 1),  # and where all are zeros nothing is asked for
])
def test_no_more_is_measured_than_is_needed(expected, scales, error, left):
    tolerance, steps = growing(expected, scales)
    tolerance.strict(VALUE, np.full(5, error))
    assert len(list(steps)) == left


def test_what_is_allowed():
    """Of an infinity nothing of its size."""
    asked = question()
    asked.expected[VALUE][...] = [0.0, -3.0, 5.0, np.inf, -np.inf]
    allowed = Tolerance(asked, "float32")._allowed(VALUE, 2.0**-12)
    size = np.array([0.0, 3.0, 5.0, 0.0, 0.0])
    np.testing.assert_array_equal(allowed, C * (2.0**-12 + 2.0**-24 * size) + UNDERFLOW * SMALLEST["float32"])


def test_a_spread_is_the_root_of_the_mean_square():
    asked = question()
    tolerance = Tolerance(asked, "float32")
    tolerance._changes = lambda evaluate, seeds: iter(
        [{role: np.full(x.shape, n) for role, x in asked.base.items()} for n in range(1, seeds + 1)])
    root = np.sqrt(sum(n * n for n in range(1, SEEDS + 1)) / SEEDS)
    for role, x in asked.base.items():
        np.testing.assert_allclose(tolerance.spread(role), root + 2.0**-24 * np.abs(x), rtol=1e-15)


@pytest.mark.parametrize("dtype, given, inner", [("float64", 2.0**-36, 2.0**-36), ("float32", 2.0**-24, 2.0**-24),
                                                 ("bfloat16", 2.0**-8, 2.0**-24)])
def test_changes_are_those_of_the_roundoff(monkeypatch, dtype, given, inner):
    """And no finer than 2⁻³⁶: scaled back where they are larger."""
    seen, noise = [], judging.noise
    monkeypatch.setattr(judging, "noise", lambda seed, *sizes: seen.append(sizes) or noise(seed, *sizes))
    asked = question(dtype=dtype)
    one = {role: x - 1.0 for role, x in asked.base.items()}
    change = next(Tolerance(asked, dtype)._changes(lambda inputs, bars: one))
    assert seen == [(given, inner)]
    assert change[VALUE] == pytest.approx(2.0**-17 if dtype == "float64" else 1.0, rel=1e-6)


def test_an_evaluation_that_lacks_a_role_is_no_scale():
    """Nor one of another shape; and a number that is none says nothing."""
    asked = question()
    tolerance = Tolerance(asked)
    for found in ({}, {role: x[:1] for role, x in asked.base.items()}):
        with pytest.raises(RuntimeError, match=r"gaussian_kl has no output\.value of"):
            next(tolerance._changes(lambda inputs, bars, found=found: found))
    lost = {role: np.full(x.shape, np.inf) for role, x in asked.base.items()}
    assert not any(x.any() for x in next(tolerance._changes(lambda inputs, bars: lost)).values())


@pytest.mark.parametrize("name, output", [("gumbel_max", "value"), ("vector_quantization", "code")])
def test_where_nothing_is_pulled_back_nothing_is_kept(name, output):
    """For want of a pullback, or of a cotangent."""
    ref = CATALOGUE[name]
    asked = Question(ref, draw(ref, 3), Terms((output,), ()), "bfloat16")
    assert Tolerance(asked, "bfloat16")._keeping().keys() == {f"output.{output}"}


def test_what_is_kept_is_told_of_gradients_alone():
    asked = question(dtype="bfloat16")
    tolerance = Tolerance(asked, "bfloat16")
    tolerance._keeping = lambda: {role: x + 2.0**20 for role, x in asked.base.items()}
    assert np.max(tolerance.conditioning[VALUE]) < 2.0**10 < np.min(tolerance.conditioning[MEAN])


def test_the_scale_of_a_grid_has_a_rounding_of_numbers_below_zero_too():
    asked, role = question("dopri5_steps"), "gradient.times"
    vars(asked)["expected"] = asked.expected | {role: np.full_like(asked.expected[role], -(2.0**90))}
    assert np.all(Tolerance(asked).conditioning[role] >= 2.0**37)


def test_of_what_is_large_nothing_is_asked_word_for_word(monkeypatch):
    """Which may write out every Jacobian."""
    asked = question()
    for many, small in ((2**14, True), (2**14 + 1, False)):
        tolerance, words = judge(asked), []
        del vars(tolerance)["as_written"]
        tolerance.question = SimpleNamespace(inputs={"a": np.empty(many - 3), "b": np.empty(3)}, varied=False,
                                             ref=asked.ref)
        assert tolerance._small is small
        monkeypatch.setattr(judging, "embedded", lambda: SimpleNamespace(written=lambda name: object()))
        tolerance._largest = lambda evaluate, over, words=words: words.append(over) or vanished()
        assert tolerance.as_written.keys() == tolerance.evaluation.keys() and bool(words) is small


@pytest.mark.parametrize("dtype, told", [("float16", [True, False]), ("bfloat16", [True, False]), ("float32", [])])
def test_the_definition_overflows_in_half_precision(dtype, told):
    tolerance = Tolerance(question(dtype=dtype), dtype)
    tolerance.forms = SimpleNamespace(native=lambda n: {VALUE: np.array([np.inf, 1.0])})
    assert list(np.atleast_1d(tolerance.overflows_in_half(VALUE))) == (told or [False])
    assert not np.any(tolerance.overflows_in_half(MEAN))


@pytest.mark.parametrize("size, seeds", [(15, 6), (99, 6), (100, 8), (9999, 10)])
def test_of_many_numbers_more_is_asked(size, seeds):
    """For one of many may be unlucky."""
    base = {VALUE: np.zeros(size), MEAN: np.zeros(3)}
    tolerance = Tolerance(question())
    tolerance.question = SimpleNamespace(base=base, bars={}, moved=lambda change: {}, ref=None)
    assert len(list(tolerance._changes(lambda inputs, bars: base))) == seeds


@pytest.mark.parametrize("scale, off, want", [(2.0, 3.0, 3.0), (3.0, 2.0, 3.0), (0.125, 0.0625, 0.25),
                                              (0.125, None, 0.25), (0.5, None, 0.5)])
def test_word_for_word_is_no_less_than_any_of_its_measures(monkeypatch, scale, off, want):
    """At perturbed inputs, in the dtype itself, and what the other forms take."""
    tolerance = judge(question(), (0.25, 0.25, 0.25))
    del vars(tolerance)["as_written"]
    monkeypatch.setattr(judging, "embedded", lambda: SimpleNamespace(written=lambda name: object()))
    full = lambda x: {role: np.full(y.shape, x) for role, y in tolerance.question.base.items()}
    tolerance._largest = lambda evaluate, over: full(scale)
    tolerance.forms = SimpleNamespace(natively=lambda form, over: {}, off=lambda native: full(off) if off else {})
    assert all((x == want).all() for x in tolerance.as_written.values())


def test_a_definition_overflows_where_one_of_its_forms_does():
    """In a low dtype."""
    natives = [{VALUE: np.array([np.inf, 1.0, 1.0])}, {}, {VALUE: np.array([1.0, np.nan, 1.0]), MEAN: np.zeros(3)}]
    for dtype, told in (("float32", [True, True, False]), ("float64", [False])):
        tolerance = Tolerance(question(dtype=dtype), dtype)
        tolerance.forms = SimpleNamespace(natives=lambda: iter(natives))
        assert list(np.atleast_1d(tolerance.overflows(VALUE))) == told and not np.any(tolerance.overflows(MEAN))
