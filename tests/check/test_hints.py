"""What a report says of code that differs: of nearly all cases, of one role alone, of float32 inside."""

import autograd.numpy as np
import pytest

from refdgm.testing import check


def told(function, name, **entry):
    with pytest.raises(AssertionError) as raised:
        check(function, name, framework="autograd", **entry)
    return " ".join(str(raised.value).split())


def test_a_convention_of_all_cases_but_one():
    """A mean over components that is undefined where there are none."""
    mean = lambda score, target: np.mean(np.reshape((score - target) ** 2, (len(score), -1)), axis=1) / 2
    off = lambda score, target: mean(score, target) + (score.shape[0] == 1)
    assert "agrees under the convention" not in told(
        lambda score, target: mean(score, target) + 1, "fisher_divergence")  # fmt: skip
    text = told(off, "fisher_divergence")
    assert "fisher_divergence: differs" in text
    assert "agrees under the convention “mean over components” in" in text and "cases; not in 0" in text


@pytest.mark.parametrize("one", [float, lambda x: x.item()], ids=["float", "item"])
def test_one_number_is_made_of_an_array(one):
    with pytest.raises(AssertionError) as raised:
        check(lambda logits: logits - one(np.max(logits, axis=1)), "softmax", framework="numpy", gradients=[])
    text = " ".join(str(raised.value).split())
    assert "take one number, and no gradient passes them; leave the array as it is" in text


def test_a_factor_of_all_cases_but_one():
    kl = lambda mean, logvar: np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2
    text = told(lambda mean, logvar: (4 if len(mean) > 1 else 3) * kl(mean, logvar), "gaussian_kl")
    assert "4 × the right one in" in text and "cases; not in 0" in text


def test_a_factor_of_every_gradient_is_no_mistake_of_one():
    """Of each there is a known mistake that doubles it."""

    def doubled(mean, logvar):
        value = np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2
        return value, lambda bar: (bar[:, None] * mean * 2, bar[:, None] * np.expm1(logvar))

    text = told(doubled, "gaussian_kl", pair=True)
    assert "gradient.mean, gradient.logvar equal 2 × the right one, in all cases" in text
    assert "known mistake" not in text


def test_a_mistake_that_leaves_the_value_unexplained():
    def twice_wrong(mean, logvar):
        value = np.sum(mean**2 + 1.3 * np.exp(logvar) - 1 - logvar, axis=1) / 2
        return value, lambda bar: (bar[:, None] * mean, bar[:, None] * np.exp(logvar) / 2)

    text = told(twice_wrong, "gaussian_kl", pair=True)
    assert "gradient.logvar equals the known mistake gaussian_kl/logvar_gradient_without_one" in text
    assert "value differs too, not explained by it" in text


def test_a_mistake_that_is_nan_in_places():
    """It is compared where it is a number."""

    def level_of_the_step_before(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
        each = lambda c: np.reshape(c, (-1,) + (1,) * (xt.ndim - 1))
        step, before = each(beta), each(alpha_prod_prev)
        level = np.where(before < 1, 1 - before, 1.0)
        posterior = step * (1 - before) / (1 - (1 - step) * before)
        mean = (xt - step / np.sqrt(level) * eps_pred) / np.sqrt(1 - step)
        return mean + np.sqrt(posterior if variance == "posterior" else step) * noise

    assert "the known mistake ancestral_step/level_of_the_step_before" in told(
        level_of_the_step_before, "ancestral_step")  # fmt: skip


@pytest.mark.filterwarnings("ignore:overflow")
def test_float32_inside():
    def single(mean, logvar):
        m, v = mean.astype(np.float32), logvar.astype(np.float32)
        value = np.sum(m**2 + np.expm1(v) - v, axis=1) / 2
        rest = lambda bar: (bar[:, None] * m, bar[:, None] * np.expm1(v) / 2)
        return value.astype(np.float64), lambda bar: tuple(g.astype(np.float64) for g in rest(bar.astype(np.float32)))

    text = told(single, "gaussian_kl", pair=True)
    assert "right to float32" in text and "--dtype float32" in text
    wrong = lambda mean, logvar: np.sum(mean**2 + np.exp(logvar) - 1 - 1.0001 * logvar, axis=1) / 2
    assert "right to float32" not in told(wrong, "gaussian_kl")


def test_got_and_right_are_told_apart():
    def nearly(mean, logvar):
        return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2 * (1 + 1e-13)

    text = told(nearly, "gaussian_kl")
    line = text.partition(" is ")[2]
    got, _, right = line.partition(", right is ")
    assert got != right.split()[0]
    assert "float32" not in text.partition("functions agree")[0]


def test_a_mistake_under_a_convention():
    """log σ for log σ², and then the half forgotten."""
    text = told(lambda mean, s: np.sum(mean**2 + np.exp(2 * s) - 1 - 2 * s, axis=1), "gaussian_kl",
                arguments=["mean", "logvar"])
    assert "equal under the convention “logvar is log σ, not log σ²” the known mistake gaussian_kl/missing_half" in text
