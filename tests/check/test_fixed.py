"""An option that the code does not have: declared, and found out where it is not."""

import autograd.numpy as np
import pytest

from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

LOSS = """
import torch

def simple_loss(prediction, x0, eps, alpha_prod):
    return ((prediction - eps) ** 2).flatten(1).sum(1)
"""


def simple(prediction, x0, eps, alpha_prod):
    return np.sum(((prediction - eps) ** 2).reshape(len(eps), -1), axis=1)


def step(xt, eps_pred, noise, beta, alpha_prod_prev):
    """The ancestral step with σ² = β, as in many a tutorial."""
    shape = (-1, *[1] * (xt.ndim - 1))
    alpha, total = 1 - beta, beta + (1 - beta) * (1 - alpha_prod_prev)
    mean = (xt - (beta / np.sqrt(total)).reshape(shape) * eps_pred) / np.sqrt(alpha).reshape(shape)
    return mean + np.sqrt(beta).reshape(shape) * noise


def test_a_word_that_is_fixed():
    found = check(simple, "simple_loss", framework="autograd", fixed={"target": "eps"})
    assert {result.question.case.options["target"] for result in found.results} == {"eps"} and found.certified
    check(step, "ancestral_step", framework="autograd", fixed={"variance": "beta"})
    with pytest.raises(AssertionError, match="simple_loss: differs"):
        check(simple, "simple_loss", framework="autograd", fixed={"target": "v"})


@pytest.mark.parametrize("more", [{}, {"seed": 3}])
def test_a_word_that_nobody_fixed(more):
    with pytest.raises(AssertionError, match="agrees wherever target = eps") as told:
        check(simple, "simple_loss", framework="autograd", **more)
    assert 'if it does no other, say "fixed": {"target": "eps"}' in str(told.value) and "mistake" not in str(told.value)
    with pytest.raises(AssertionError, match="agrees wherever variance = beta"):
        check(step, "ancestral_step", framework="autograd", **more)


def test_a_word_that_is_taken_and_not_minded():
    ignoring = lambda prediction, x0, eps, alpha_prod, target="eps": simple(prediction, x0, eps, alpha_prod)
    with pytest.raises(AssertionError, match="agrees wherever target = eps"):
        check(ignoring, "simple_loss", framework="autograd")

    def refusing(prediction, x0, eps, alpha_prod, target):
        if target != "eps":
            raise NotImplementedError(target)
        return simple(prediction, x0, eps, alpha_prod)

    with pytest.raises(AssertionError, match="agrees wherever target = eps"):
        check(refusing, "simple_loss", framework="autograd")


def test_a_word_that_is_not_minded_may_be_a_known_mistake():
    """It does no other, or does what people take for the other: both are told, and it fails."""
    def biased(real, fake, bandwidth, estimator):
        k = lambda a, b: np.exp(-np.sum((a[:, None] - b[None]) ** 2, axis=-1) / (2 * bandwidth**2))
        return np.mean(k(real, real)) + np.mean(k(fake, fake)) - 2 * np.mean(k(real, fake))

    name, wherever = "maximum_mean_discrepancy", "agrees wherever estimator = biased"
    with pytest.raises(AssertionError, match=wherever) as raised:
        check(biased, name, framework="autograd")
    assert f"or it is the known mistake {name}/estimator_not_asked" in str(raised.value)
    with pytest.raises(AssertionError, match=wherever) as raised:  # it has no such word to do wrong
        check(lambda real, fake, bandwidth: biased(real, fake, bandwidth, ""), name, framework="autograd")
    assert "known mistake" not in str(raised.value)


def test_a_word_that_is_taken_and_done_wrongly_is_a_difference():
    half = lambda prediction, x0, eps, alpha_prod, target: (
        simple(prediction, x0, eps, alpha_prod) if target == "eps" else 3 * simple(prediction, x0, x0, alpha_prod))
    with pytest.raises(AssertionError, match="simple_loss: differs"):
        check(half, "simple_loss", framework="autograd")


@pytest.mark.needs("torch")
def test_the_command_has_a_verdict_for_it(refdgm_check):
    run = refdgm_check(LOSS, "--report", "junit.xml")
    (function,) = run.report["functions"]
    assert (run.code, function["verdict"], run.report["outcome"]) == (1, "agrees in part", "agrees in part")
    assert function["agrees_where"] == [{"target": "eps"}] and function["equals"] == []
    declared = "CANDIDATES = {'simple_loss': {'function': simple_loss, 'fixed': {'target': 'eps'}}}\n"
    assert refdgm_check(LOSS + declared).code == 0
    run = refdgm_check(LOSS.replace("prediction - eps", "prediction + eps"))
    assert (run.code, run.report["outcome"]) == (1, "differs") and 'say which it does with "fixed"' in run.text


def vq(z, codebook):
    """With the 0.25 of the paper inside, in NumPy: values alone."""
    import numpy

    k = numpy.argmin(((z[:, None] - codebook[None]) ** 2).sum(-1), axis=1)
    q = codebook[k]
    return k, q, ((q - z) ** 2).sum(1), 0.25 * ((q - z) ** 2).sum(1)


def test_a_number_that_is_fixed():
    values = {"gradients": [], "framework": "numpy"}
    found = check(vq, "vector_quantization", fixed={"beta": 0.25}, **values)
    assert not found.certified and found.asked > 5
    with pytest.raises(AssertionError, match="vector_quantization: differs"):
        check(vq, "vector_quantization", fixed={"beta": 1.0}, **values)


def four(x, t0, t1, theta, velocity):
    h = (t1 - t0) / 4
    for i in range(4):
        x = x + h * velocity(x, t0 + i * h, theta)
    return x


def test_a_whole_number_that_no_case_has():
    check(four, "odeint", framework="autograd", arguments=["z0", "t0", "t1", "theta"],
          fixed={"method": "euler", "steps": 4})


@pytest.mark.parametrize("fixed, told", [
    ({"target": "noise"}, "fixed target must be one of eps, x0, v, got 'noise'"),
    ({"aim": "eps"}, "fixed names 'aim', which is not among prediction"),
    ({"alpha_prod": 1.5}, r"fixed alpha_prod must be a number \(unit\), got 1.5"),
    ({"alpha_prod": "half"}, r"fixed alpha_prod must be a number \(unit\), got 'half'"),
    (["eps"], "fixed must be a dictionary"),
])  # fmt: skip
def test_what_cannot_be_fixed(fixed, told):
    with pytest.raises(Exception, match=told):
        check(simple, "simple_loss", framework="autograd", fixed=fixed)
