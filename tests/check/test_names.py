"""One bug, one name: what a wrong function is called, and what is never said of it."""

import importlib
import json
from pathlib import Path

import autograd.numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.evidence import find
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def naming(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    return importlib.import_module("validation.make.naming")


def told(fn, name, **entry):
    """The report on a function that differs."""
    with pytest.raises(AssertionError, match="differs") as raised:
        check(fn, name, **{"framework": "autograd", **entry})
    return " ".join(str(raised.value).split())


def kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def by_hand(value, pullback):
    """A function with a pullback of its own, from both."""
    return lambda *args: (value(*args), lambda bar: pullback(bar, *args))


def test_a_mistake_is_judged_by_its_own_tolerance():
    """Where noise and logits are far from zero the mistake keeps fewer digits than the reference."""
    text = told(lambda logits, gumbel, tau: softmax(logits / tau + gumbel), "gumbel_softmax")
    assert "value, gradient.logits, gradient.tau equal the known mistake gumbel_softmax/tau_on_logits_only" in text
    assert "not explained" not in text and text.count("known mistake") == 1


def test_zeros_are_called_zeros():
    text = told(by_hand(softmax, lambda bar, logits: {"logits": 0 * bar}), "softmax", framework="numpy", pair=True)
    assert "gradient.logits equals zeros, in all cases" in text and "known mistake" not in text


def test_zeros_that_are_a_known_mistake_are_called_by_its_name():
    right = lambda bar, logits, gumbel, tau: CATALOGUE["gumbel_softmax"].body(logits, gumbel, tau)[1](bar)
    text = told(by_hand(lambda *args: CATALOGUE["gumbel_softmax"].body(*args)[0],
                        lambda bar, *args: right(bar, *args) | {"tau": 0.0 * args[2]}),
                "gumbel_softmax", framework="numpy", pair=True)  # fmt: skip
    assert "gradient.tau equals the known mistake gumbel_softmax/tau_detached" in text


def test_one_number_is_called_so():
    text = told(by_hand(kl, lambda bar, mean, logvar: {"mean": bar[:, None] * mean, "logvar": 0 * mean + 0.25}),
                "gaussian_kl", framework="numpy", pair=True)  # fmt: skip
    assert "gradient.logvar equals one number throughout each array" in text and "known mistake" not in text


def test_a_factor_near_one_is_none():
    """A batch of one has 1/B = 1; what is off by little is told by how much."""
    text = told(lambda mean, logvar: kl(mean, logvar) * (1 + 1e-8), "gaussian_kl")
    assert "the right one" not in text and "known mistake" not in text
    assert "off by about 1e-08 relative wherever it differs" in text


def test_an_epsilon_is_not_taken_for_float32():
    text = told(lambda logits: np.log(softmax(logits) + 1e-9), "log_softmax")
    assert "right to float32" not in text


def test_any_factor_is_told():
    assert "equal 3/2 × the right one, in all cases" in told(lambda *given: 1.5 * kl(*given), "gaussian_kl")


def test_a_factor_is_called_by_the_axis_whose_size_it_is():
    """The first axis of the first array is not always the batch."""
    def halves(mean_p, cov_p, mean_q, cov_q):
        value, right = CATALOGUE["frechet_distance"].body(mean_p, cov_p, mean_q, cov_q)
        return value, lambda bar: (g := right(bar)) | {"mean_p": g["mean_p"] / len(mean_p)}

    text = told(halves, "frechet_distance", framework="numpy", pair=True)
    assert "gradient.mean_p equals 1/D of the right one, in all cases" in text

    def too_many(logits):
        top = np.max(logits, axis=1)
        return logits.shape[1] * (top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1)))

    assert "value, gradient.logits equal K × the right one, in all cases" in told(too_many, "log_sum_exp")


def test_a_mistake_in_nearly_all_cases_is_named_with_those_where_it_is_another():
    """As of a form that loses its digits far out. Of half of the cases nothing is said."""
    reverse = lambda mean, logvar: np.sum((1 + mean**2) * np.exp(-logvar) - 1 + logvar, axis=1) / 2
    alone = lambda mean, logvar: reverse(mean, logvar) * (3 if mean.shape == (3, 3) else 1)
    text = told(alone, "gaussian_kl")
    assert "the known mistake gaussian_kl/reversed_divergence" in text and "cases; not in" in text
    often = lambda mean, logvar: reverse(mean, logvar) * (3 if len(mean) % 2 else 1)
    assert "known mistake" not in told(often, "gaussian_kl")


def test_what_differing_cases_share_is_told_first():
    text = told(lambda mean, logvar: kl(mean, logvar) + (np.mean(mean) if len(mean) > 1 else 0), "gaussian_kl")
    assert "differs everywhere but where B = 1" in text


def test_two_conditions_together(naming):
    wrong = next(m for m in find.mistakes("odeint") if m.name == "odeint/last_stage_at_the_midpoint")
    kind, checked = naming.named([wrong])[wrong.name]
    assert kind == "own name"
    assert checked.shared == "only where method = rk4 and the case is “timed” (a velocity that looks at the time)"


def test_the_report_holds_options_and_flags(refdgm_check):
    run = refdgm_check("""
import autograd.numpy as np
def gaussian_kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar) / 2 + np.zeros(len(mean))
""")
    function = next(f for f in run.report["functions"] if f["reference"] == "gaussian_kl")
    assert function["differs"] == "everywhere but where B = 1"
    assert all({"options", "flags"} <= case.keys() for case in function["cases"])
    assert any("single_example" in case["flags"] for case in function["cases"])
    assert json.dumps(function["equals"], ensure_ascii=False).count("gaussian_kl/summed_over_batch") == 1


def test_names_are_tried_where_some_cases_raised():
    def guide(eps_cond, eps_uncond, gamma):
        assert eps_cond.shape[0] != 1, "no batch of one"
        return (1 + gamma) * eps_cond - gamma * eps_uncond

    assert "agrees under the convention “w = γ − 1” in all" in told(guide, "classifier_free_guidance")

    def doubled(mean, logvar):
        assert mean.shape[0] != 1, "no batch of one"
        return 2 * kl(mean, logvar)

    text = told(doubled, "gaussian_kl")
    assert "value, gradient.mean, gradient.logvar equal the known mistake gaussian_kl/missing_half" in text


def test_a_map_and_a_mistake_that_undo_each_other_explain_nothing():
    def guide(eps_cond, eps_uncond, gamma):
        right = eps_uncond + gamma * (eps_cond - eps_uncond)
        return right * float("nan") if eps_cond.shape[0] == 1 else right

    text = told(guide, "classifier_free_guidance")
    assert "known mistake" not in text and "differs only where B = 1" in text


def test_two_names_where_each_explains_what_the_other_leaves():
    pullback = lambda bar, mean, logvar: {
        "mean": 2 * bar[:, None] * mean, "logvar": bar[:, None] * np.exp(logvar) / 2,
    }  # fmt: skip
    text = told(by_hand(kl, pullback), "gaussian_kl", framework="numpy", pair=True)
    assert "gradient.mean equals the known mistake gaussian_kl/mean_gradient_doubled" in text
    assert "gradient.logvar equals the known mistake gaussian_kl/logvar_gradient_without_one" in text


def test_no_second_name_beside_what_is_not_explained():
    """The value is of no known kind: one name at most, and the rest is told as open."""
    value = lambda mean, logvar: kl(mean, logvar) + np.sum(mean, axis=1) ** 2
    pullback = lambda bar, mean, logvar: {
        "mean": 2 * bar[:, None] * mean, "logvar": bar[:, None] * np.exp(logvar) / 2,
    }  # fmt: skip
    text = told(by_hand(value, pullback), "gaussian_kl", framework="numpy", pair=True)
    assert text.count("known mistake") == 1 and "value and gradient." in text and "not explained by it" in text


def test_the_mistakes_of_a_reference_are_called_by_their_names(naming):
    """As `validation/make/detection.py --names` counts them for all: in the dtype of the answers, float32 here."""
    for name, dtype in (("softmax", "float64"), ("gaussian_kl", "float32")):
        found = naming.named(find.mistakes(name), dtype)
        assert len(found) >= 13 and all(kind in naming.RIGHTLY for kind, _ in found.values())
    assert naming.told(found, 20)[-1].startswith(f"20 mistakes, {len(found)} found, {len(found)} of them rightly named")
