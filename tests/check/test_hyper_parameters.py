"""Gradients of hyper-parameters: judged and told, but no reason to fail where nobody asked for them."""

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.declaration.domain import Parameters
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

CFG = """
import torch

def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    return eps_uncond + {} * (eps_cond - eps_uncond)
"""


def guidance(*of_gamma):
    """By hand; the gradient of the scale is given or left out."""

    def guided(eps_cond, eps_uncond, gamma):
        def pullback(bar):
            grads = {"eps_cond": gamma * bar, "eps_uncond": (1 - gamma) * bar}
            for made in of_gamma:
                grads["gamma"] = made(bar, eps_cond - eps_uncond)
            return grads

        return eps_uncond + gamma * (eps_cond - eps_uncond), pullback

    return guided


@pytest.mark.needs("torch")
def test_no_path_to_a_hyper_parameter(refdgm_check):
    run = refdgm_check(CFG.format("gamma.detach()"), "--table")
    assert run.code == 0 and "no gradient, none asked" in run.text and "no gradient reaches it" not in run.text
    assert refdgm_check(CFG.format("gamma.detach()"), "--strict").code == 1


@pytest.mark.needs("torch")
def test_a_wrong_gradient_of_a_hyper_parameter(refdgm_check):
    """gamma.detach() + (gamma - gamma.detach()) / 2 is γ, with half its gradient."""
    text = CFG.format("(gamma.detach() + (gamma - gamma.detach()) / 2)")
    run = refdgm_check(text, "--table")
    assert run.code == 0 and "gradient.gamma (hyper-parameter)" in run.text
    assert "gradient.gamma, of a hyper-parameter, differs in" in run.text
    (function,) = run.report["functions"]
    assert function["not_asked_for"]["gradient.gamma"] > 0 and function["verdict"] in ("agrees", "loses digits")
    assert refdgm_check(text, "--strict").code == 1
    asked = text + "CANDIDATES = {'classifier_free_guidance': {'function': classifier_free_guidance, 'gradients': " \
                   "['eps_cond', 'eps_uncond', 'gamma']}}\n"
    assert refdgm_check(asked).code == 1


def test_a_pair_is_held_to_what_it_returns():
    check(guidance(lambda bar, apart: np.sum(bar * apart)), "classifier_free_guidance")
    for none in ((), (lambda bar, apart: None,)):
        found = check(guidance(*none), "classifier_free_guidance")
        assert {o.verdict for _, o in found.by_role()["gradient.gamma"]} <= {"agrees", "no gradient, none asked"}
    for wrong in (lambda bar, apart: -np.sum(bar * apart), lambda bar, apart: np.zeros(())):
        with pytest.raises(AssertionError, match="classifier_free_guidance: differs"):
            check(guidance(wrong), "classifier_free_guidance")


def test_what_is_asked_for_and_missing_is_missing():
    with pytest.raises(AssertionError, match="classifier_free_guidance: missing"):
        check(guidance(), "classifier_free_guidance", gradients=["eps_cond", "eps_uncond", "gamma"])


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_array_has_a_kind(name):
    """By the letters of the field: τ, β, η, γ, φ, σ, ᾱ, steps, times and schedules are hyper-parameters."""
    ref = CATALOGUE[name]
    hyper = {"tau", "beta", "step", "base_step", "gamma", "phi", "sigma", "sigmas", "alpha_prod", "alpha_prod_prev",
             "a", "eta", "t", "t0", "t1", "times", "diffusion", "beta_first", "beta_last", "offset", "cap",
             "low", "high", "sigma_min", "t_next", "sigma_max", "sigma_data", "rho", "sigma_next", "lam",
             "step_prev", "noise_scale", "h", "share", "snr", "slope", "shift", "churn", "log_weight",
             "regularization", "temperature", "floor", "bandwidth", "eps"}
    parameters = {"theta", "shift_theta", "scale_theta", "codebook", "W", "b", "means", "factors", "u", "w",
                  "W1", "W2", "c1", "c2", "U", "V", "R", "r", "G", "g"}
    # a column, noise; u of a planar layer is a parameter
    if name in ("rank_one_log_det", "boltzmann_gibbs_chain", "gradient_penalty"):
        parameters -= {"u"}
    if "W" in ref.arrays:  # the biases of the hidden units of a machine; elsewhere a point of the simplex
        parameters |= {"c"}
    if name == "spectral_normalization":  # vectors of the weights
        parameters |= {"v"}
    # elsewhere weights of data, and what is added to scores
    if name in ("rms_norm", "layer_norm", "group_norm", "embedding", "conv2d", "conv_transpose2d"):
        parameters |= {"weight", "bias"}
    if name in ("attention", "rotary_embedding"):
        hyper |= {"scale", "position", "base"}
    for argument in ref.arrays:
        if isinstance(ref.args[argument], Parameters):
            assert ref.args[argument].kind == "parameter", argument
        elif argument != "logits":  # weights of a mixture or data
            short = argument in hyper and len(ref.args[argument].shape) < 2  # a shift of all components is none
            expected = "hyper-parameter" if short else "parameter" if argument in parameters else "data"
            assert ref.args[argument].kind == expected, argument
    assert all(ref.args[argument].kind == "hyper-parameter" for argument in ref.hyper)
