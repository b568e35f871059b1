"""Arguments under other names are never guessed where some are ours; and ᾱ_t, which the field passes, for β."""

import autograd.numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import CandidateError
from refdgm.testing import check

NAME = "ᾱ_t in place of β"


def across(a, x):
    return a.reshape((-1, *[1] * (x.ndim - 1)))


def ddim_step(xt, eps, noise, alpha_prod, alpha_prod_prev, eta):
    """As samplers write it."""
    beta = (alpha_prod_prev - alpha_prod) / alpha_prod_prev
    sigma = eta * np.sqrt((1 - alpha_prod_prev) / (1 - alpha_prod) * beta)
    at, before, now = (across(a, xt) for a in (sigma, alpha_prod_prev, alpha_prod))
    x0 = (xt - np.sqrt(1 - now) * eps) / np.sqrt(now)
    return np.sqrt(before) * x0 + np.sqrt(1 - before - at**2) * eps + at * noise


def diffusion_posterior(xt, x0, alpha_prod, alpha_prod_prev):
    beta, rest = (alpha_prod_prev - alpha_prod) / alpha_prod_prev, 1 - alpha_prod_prev
    data, state = np.sqrt(alpha_prod_prev) * beta, np.sqrt(1 - beta) * rest
    total = 1 - alpha_prod
    return across(data / total, x0) * x0 + across(state / total, xt) * xt, beta * rest / total


DDIM = {"xt": "xt", "eps_pred": "eps", "noise": "noise", "beta": "alpha_prod", "alpha_prod_prev": "alpha_prod_prev",
        "eta": "eta"}
POSTERIOR = {"xt": "xt", "x0": "x0", "beta": "alpha_prod", "alpha_prod_prev": "alpha_prod_prev"}


def test_names_that_are_partly_ours_are_refused_with_the_entry():
    with pytest.raises(CandidateError) as told:
        adapted(CATALOGUE["ddim_step"], ddim_step)
    entry = ", ".join(f'"{ours}": "{theirs}"' for ours, theirs in DDIM.items())
    assert f'"arguments": {{{entry}}}, "convention": "{NAME}"' in str(told.value)
    with pytest.raises(CandidateError, match=r'"arguments": \{"mean": "mu", "logvar": "logvar"\}'):
        adapted(CATALOGUE["gaussian_kl"], lambda mu, logvar: mu)
    with pytest.raises(CandidateError, match=r'"arguments": \{"x": "x", "mean": "…", "logvar": "…"\}'):
        adapted(CATALOGUE["gaussian_log_density"], lambda x, loc, scale: x)


def test_names_that_are_all_others_are_told():
    made = adapted(CATALOGUE["gaussian_kl"], lambda mu, log_var: mu)
    assert made.called == "called as gaussian_kl(mu = mean, log_var = logvar)"


def test_the_product_in_place_of_the_step():
    check(ddim_step, "ddim_step", framework="autograd", arguments=DDIM, convention=NAME)
    found = check(diffusion_posterior, "diffusion_posterior", framework="autograd", arguments=POSTERIOR,
                  convention=NAME, gradients=["xt", "x0", "beta", "alpha_prod_prev"], seed=1)
    assert not found.certified


@pytest.mark.filterwarnings("ignore:invalid value")  # a root of what is no variance
def test_it_is_recognised_undeclared():
    found = check(ddim_step, "ddim_step", framework="autograd", arguments=DDIM)
    assert found.convention == NAME


@pytest.mark.parametrize("wrong", [
    lambda *args: -ddim_step(*args),
    lambda xt, eps, noise, a, b, eta: ddim_step(xt, eps, noise, b, b, eta),
    lambda xt, eps, noise, a, b, eta: ddim_step(xt, eps, noise, a, np.sqrt(b), eta),
])  # fmt: skip
def test_a_wrong_one_differs_under_it(wrong):
    with pytest.raises(AssertionError, match="ddim_step: differs"):
        check(wrong, "ddim_step", framework="autograd", arguments=list(DDIM), convention=NAME, seed=2)


def test_its_gradients_are_in_its_own_argument():
    """Doubled in the schedule alone: 2 ᾱ_t − sg(ᾱ_t)."""
    from autograd.tracer import getval

    def doubled(xt, x0, alpha_prod, alpha_prod_prev):
        held = alpha_prod
        while getval(held) is not held:
            held = getval(held)
        return diffusion_posterior(xt, x0, 2 * alpha_prod - held, alpha_prod_prev)

    with pytest.raises(AssertionError, match="diffusion_posterior: differs"):
        check(doubled, "diffusion_posterior", framework="autograd", arguments=POSTERIOR, convention=NAME, seed=1,
              gradients=["xt", "x0", "beta", "alpha_prod_prev"])


def clip_loss(image, text, logit_scale):
    """Cosines, both directions, and a scale that is learned as its logarithm: all at once, as CLIP is trained."""
    image, text = (x / np.sqrt(np.sum(x**2, axis=1, keepdims=True)) for x in (image, text))
    logits = np.exp(logit_scale) * np.dot(image, text.T)
    lost = lambda x: np.mean(np.log(np.sum(np.exp(x), axis=1)) - np.diag(x))
    return (lost(logits) + lost(logits.T)) / 2


def test_an_argument_is_exchanged_in_another_definition_too():
    name = "cosines, the mean of both directions; a logarithm t in place of τ, the scale is eᵗ"
    check(clip_loss, "info_nce", framework="autograd", convention=name, gradients=["query", "key", "tau"], seed=1)
    with pytest.raises(AssertionError, match="info_nce: differs"):
        check(lambda *args: clip_loss(*args[:2], -args[2]), "info_nce", framework="autograd", convention=name, seed=1)
