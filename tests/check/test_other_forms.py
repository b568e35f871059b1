"""Who writes a definition in any usual form, or word for word, is not told that the formula is wrong."""

import autograd.numpy as np
import pytest
from autograd import make_vjp
from numpy import errstate

from refdgm.cases import flatten
from refdgm.catalogue import CATALOGUE
from refdgm.check import run
from refdgm.check.candidates.answering import answer
from refdgm.check.candidates.entry import adapted
from refdgm.check.questions import cases as questions
from refdgm.check.questions.cases import shipped
from refdgm.declaration.domain import Limit
from refdgm.evidence import traced
from refdgm.evidence.definitions import definition
from refdgm.testing import check
from refdgm.testing.engine import Here

from ..turns import in_turn

pytestmark = [pytest.mark.usefixtures("measured_together"),
              pytest.mark.filterwarnings("ignore:overflow encountered")]  # on the way to a number that is right

USUAL = [(name, word) for name in in_turn(CATALOGUE) for word in definition(name).usual if word != "usual"]
# Word for word these leave the range of numbers in some of the cases: exponentials of logits of a thousand, densities
# far out, probabilities that vanish, a series. Infinities, NaN and zeros are wrong, whoever wrote the text.
OUT_OF_RANGE = (
    "softmax", "log_softmax", "log_sigmoid", "gumbel_softmax", "straight_through_gumbel_softmax",
    "concrete_log_density", "gaussian_mixture_log_density", "gaussian_mixture_score", "gaussian_mixture_hessian",
    "gaussian_mixture_denoiser", "gaussian_mixture_posterior_covariance", "inception_score", "info_nce",
    "boltzmann_marginal_log_likelihood", "attention", "gelu",
)  # fmt: skip


def slopes(function, arguments):
    return flatten(make_vjp(lambda moved: function(**moved))(arguments)[0](1.0))


def word_for_word(name):
    """The definition with names for networks; where gradients are stopped, or are an algorithm's, with these."""
    text = definition(name)

    def candidate(*args, **options):
        options = {n: getattr(x, "name", x) for n, x in options.items()}
        value = text.value(np, *map(traced.stopped, args) if text.held else args, **options)
        if text.pullback:
            return value, lambda bar: text.pullback(np, slopes, bar, *args, **options)
        if not text.held:
            return value
        held = text.held(np, dict(zip(CATALOGUE[name].arrays, map(traced.stopped, args), strict=True)), *args)
        if not isinstance(value, tuple):
            return value + (held - traced.stopped(held))
        return tuple(y if h is None else y + (h - traced.stopped(h)) for y, h in zip(value, held, strict=True))

    return candidate


def passes(name, function, dtype):
    pair = isinstance(CATALOGUE[name].derivative_of, Limit)
    return check(function, name, framework="autograd", pair=pair, dtype=dtype).verdict in ("agrees", "loses digits")


@pytest.mark.parametrize("name", [name for name in in_turn(CATALOGUE) if name not in OUT_OF_RANGE])
def test_a_definition_word_for_word(name):
    assert passes(name, word_for_word(name), "float64")


@pytest.mark.parametrize("name", in_turn(OUT_OF_RANGE) or OUT_OF_RANGE[:1])
def test_a_definition_that_leaves_the_range_of_numbers_is_wrong_there_alone(name):
    ref = CATALOGUE[name]
    here = Here(adapted(ref, {"function": word_for_word(name), "framework": "autograd"}))
    with errstate(all="ignore"):
        checked = run.check(here, ref, shipped(ref), None, "cpu", lambda *_: None)
    wrong = [r.question for r in checked.results if any(o.verdict == "differs" for o in r.outcomes)]
    assert wrong and len(wrong) < len(checked.results) / 4
    for question in wrong:
        with errstate(over="raise", under="raise", divide="raise"), pytest.raises(FloatingPointError):
            answer(here._candidate, ref, question.case.options, question.inputs, question.bars)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name, word", USUAL)
def test_a_usual_form(name, word, dtype):
    form = definition(name).usual[word]
    assert passes(name, lambda *args, **options: form(np, *args, **options), dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.needs("torch")
def test_in_torch(refdgm_check, dtype):
    ran = refdgm_check(None, "refdgm.candidates.torch_losses", "--select", "ancestral_step,variational_loss",
                       "--dtype", dtype)  # fmt: skip
    assert ran.code == 0


@pytest.mark.parametrize("name, word", USUAL)
def test_what_they_lose_hides_no_mistake(name, word, monkeypatch):
    """Not even a schedule that is off by a part in a hundred thousand; it is found in the first cases already."""
    monkeypatch.setattr(questions, "shipped", lambda ref: shipped(ref)[:3])
    form = definition(name).usual[word]
    less = lambda x: {entry: less(y) for entry, y in x.items()} if isinstance(x, dict) else x * (1 - 1e-5)
    off = lambda *args, **options: form(np, *args[:-1], less(args[-1]), **options)
    with pytest.raises(AssertionError, match=f"{name}: differs"):
        check(off, name, framework="autograd")
