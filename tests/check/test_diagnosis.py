"""Conventions and known mistakes: named where the candidate equals them in all cases, and only there."""

from types import SimpleNamespace

import autograd.numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check import run
from refdgm.check.diagnosis.conventions import SAMPLE
from refdgm.check.questions import cases as questions
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

GUIDE = """
import autograd.numpy as np
calls = []
def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    calls.append(1)
    w = {}
    return (1 + w) * eps_cond - w * eps_uncond
"""


def test_a_convention_is_recognised(refdgm_check):
    run = refdgm_check(GUIDE.format("gamma"))
    assert run.code == 0
    assert run.verdict("classifier_free_guidance") == "agrees under convention “w = γ − 1”"
    assert refdgm_check(GUIDE.format("gamma"), "--strict").code == 1


def test_a_declared_convention_agrees_even_if_strict(refdgm_check):
    run = refdgm_check(GUIDE.format("gamma") + """
CANDIDATES = {"classifier_free_guidance": {"function": classifier_free_guidance, "convention": "w = γ − 1"}}
""", "--select", "classifier_free_guidance")
    assert run.code == 0
    assert "convention" not in run.text


def test_a_convention_of_some_cases_is_none(refdgm_check):
    run = refdgm_check(GUIDE.format("gamma if len(calls) % 7 else gamma - 1"))
    assert (run.code, run.verdict("classifier_free_guidance")) == (1, "differs")


def test_a_convention_in_the_value_alone_is_none(refdgm_check):
    run = refdgm_check("""
import numpy as np
def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    value = (1 + gamma) * eps_cond - gamma * eps_uncond
    return value, lambda bar: (gamma * bar, (1 - gamma) * bar, np.sum(bar * (eps_cond - eps_uncond)))
""")
    assert (run.code, run.verdict("classifier_free_guidance")) == (1, "differs")


def test_log_sigma_for_log_variance(refdgm_check):
    run = refdgm_check("""
import autograd.numpy as np
def gaussian_kl(mean, logvar):
    return np.sum(mean**2 + np.exp(2 * logvar) - 1 - 2 * logvar, axis=1) / 2
""")
    assert run.code == 0
    assert run.verdict("gaussian_kl") == "loses digits under convention “logvar is log σ, not log σ²”"
    head = next(line for line in run.text.splitlines() if line.startswith(" gaussian_kl"))
    assert "loses digits" in head  # as the rows below it say


def test_a_mean_over_all_axes_of_an_example(refdgm_check):
    """Examples of every rank are among the cases, so that their last axis alone would not do."""
    run = refdgm_check("""
import autograd.numpy as np
def fisher_divergence(score, target):
    return np.mean(np.reshape((score - target) ** 2, (len(score), -1)), axis=1)
""")
    assert run.code == 0
    assert run.verdict("fisher_divergence") == (
        "agrees under convention “mean over components, without the factor ½”")


VQ = """
import autograd.numpy as np
from autograd.tracer import getval
def vector_quantization(z, codebook, beta):
    zs, es = getval(z), getval(codebook)
    k = np.argmin(np.sum((zs[:, None] - es[None]) ** 2, axis=-1), axis=1)
    q = codebook[k]
    c, m = np.sum((zs - q) ** 2, axis=1), np.sum((z - es[k]) ** 2, axis=1)
    return k, z + (es[k] - zs), {}
"""


def test_beta_on_the_wrong_term(refdgm_check):
    assert refdgm_check(VQ.format("c, beta * m")).code == 0
    run = refdgm_check(VQ.format("beta * c, m"))
    assert run.code == 1
    assert "vector_quantization/beta_on_codebook_loss" in run.equals("vector_quantization")
    assert "taming-transformers" in run.text


def test_a_mistake_that_is_none_of_the_known_is_not_named():
    with pytest.raises(AssertionError, match="differs") as told:
        check(lambda mean, logvar: np.sum(mean**2 + 1.5 * np.exp(logvar) - 1.5 - logvar, axis=1) / 2, "gaussian_kl",
              framework="autograd")  # fmt: skip
    assert "known mistake" not in str(told.value) and "the right one" not in str(told.value)


def test_a_factor_is_told():
    kl = lambda mean, logvar: np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2
    with pytest.raises(AssertionError, match=r"value, gradient\.mean, gradient\.logvar equal 4 × the right one"):
        check(lambda mean, logvar: 4 * kl(mean, logvar), "gaussian_kl", framework="autograd")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.needs("torch")
def test_torch_is_not_called_wrong(dtype):
    import torch

    F = torch.nn.functional

    def straight_through(logits, gumbel, tau):
        y = F.log_softmax((logits + gumbel) / tau, -1).exp()
        return F.one_hot((logits + gumbel).argmax(-1), logits.shape[1]) + (y - y.detach())

    for fn, name in ((lambda logits, gumbel, tau: F.softmax((logits + gumbel) / tau, -1), "gumbel_softmax"),
                     (straight_through, "straight_through_gumbel_softmax")):  # fmt: skip
        assert check(fn, name, framework="torch", dtype=dtype).verdict == "loses digits"

    def mlp(x, theta, *, activation):
        depth = len(theta) // 2
        for layer in range(1, depth + 1):
            x = F.linear(x, theta[f"W{layer}"], theta[f"b{layer}"])
            if layer < depth:
                x = {"softplus": F.softplus, "tanh": torch.tanh, "silu": F.silu, "relu": F.relu}[activation](x)
        return x

    assert check(mlp, "mlp", framework="torch", dtype=dtype).verdict in ("agrees", "loses digits")


@pytest.mark.parametrize("factor, measured", [(1.001, True), (2.0, False)])
def test_a_convention_that_is_far_off_is_not_measured(monkeypatch, factor, measured):
    """Near enough to be one, and wrong: that takes its tolerance to say. Who was not judged has no outcome."""
    glances, whole = [], run._round

    def watched(*args, **named):
        found = whole(*args, **named)
        if args[7:] == (True,) and args[3].convention == "w = γ − 1":
            glances.extend(result.outcomes for result in found.results)
        return found

    monkeypatch.setattr(run, "_round", watched)
    with pytest.raises(AssertionError, match="classifier_free_guidance: differs"):
        check(lambda c, u, w: factor * ((1 + w) * c - w * u), "classifier_free_guidance",
              arguments=["eps_cond", "eps_uncond", "gamma"], framework="autograd")
    assert len(glances) == SAMPLE and all(bool(outcomes) == measured for outcomes in glances)


@pytest.mark.parametrize("dtype, got, far", [
    ("float64", {"a": [1.0, 8.0], "b": [0.0]}, False),
    ("float64", {"a": [1.0, 8.0], "b": [1e-17]}, False),  # zero, but for what was left of numbers like those of a
    ("float64", {"a": [1.0, 8.4], "b": [0.0]}, False),
    ("float64", {"a": [1.0, 8.6], "b": [0.0]}, True),
    ("float64", {"a": [1.0, 8.0], "b": [0.6]}, True),
    ("float64", {"a": [np.nan, 8.0], "b": [np.inf]}, False),  # told of elsewhere
    ("float64", {"a": [1.0], "b": [0.0]}, False),
    ("float64", {"b": [0.6], "spared": [9.0]}, True),
    ("float64", {"spared": [99.0]}, False),
    ("float32", {"a": [1.0, 8.6]}, True),
    ("bfloat16", {"a": [1.0, 8.6]}, False),
])  # fmt: skip
def test_what_is_far_off(dtype, got, far):
    right = {"a": np.array([1.0, 8.0]), "b": np.zeros(1), "spared": np.full(1, 7.0), "index": np.array([100])}
    question = SimpleNamespace(dtype=dtype, expected=right, spared="spared".__eq__)
    assert run._far(question, {role: np.array(x) for role, x in got.items()}) == far


class TestWhatIsNoNumber:
    """A mistake whose answer is NaN is known by where it is NaN."""

    @pytest.mark.needs("torch")
    @pytest.mark.parametrize("name, fn, mistake", [
        ("log_abs_det", lambda torch, m: torch.logdet(m), "logdet"),
        ("log_abs_det", lambda torch, m: torch.log(torch.det(m)), "without_absolute_value"),
        ("rank_one_log_det", lambda torch, m, u, v: torch.logdet(m + u[:, :, None] * v[:, None, :]),
         "logdet_of_the_sum"),
        ("affine_transform", lambda torch, z, a, b: (a * z + b, torch.log(a).flatten(1).sum(1)), "modulus_forgotten"),
    ])  # fmt: skip
    def test_the_logarithm_of_a_negative_number(self, name, fn, mistake):
        import torch

        with pytest.raises(AssertionError, match=f"the known mistake {name}/{mistake}: "):
            check(lambda *args: fn(torch, *args), name, framework="torch")

    def test_nothing_over_nothing(self):
        def levels(sigma_min, sigma_max, rho, *, steps):
            with np.errstate(invalid="ignore"):
                ramp = np.arange(steps) / (np.asarray(steps) - 1.0)
            return (sigma_max ** (1 / rho) + ramp * (sigma_min ** (1 / rho) - sigma_max ** (1 / rho))) ** rho

        with pytest.raises(AssertionError, match="the known mistake karras_noise_levels/lone_level_is_no_number: "):
            check(levels, "karras_noise_levels", framework="numpy")

    @pytest.mark.parametrize("wrong", [
        lambda x: np.nan * x,
        lambda x: np.where(np.arange(len(x)) % 2 == 0, np.nan * x, x),
        lambda x: np.where(x < 0.3, np.nan * x, x),
    ])
    def test_elsewhere_or_throughout_it_is_not_named(self, wrong, monkeypatch):
        few = questions.shipped(CATALOGUE["log_abs_det"])[:8]
        monkeypatch.setattr(questions, "shipped", lambda ref: few)

        def log_abs_det(matrix):
            return wrong(np.linalg.slogdet(matrix)[1])

        with pytest.raises(AssertionError, match="log_abs_det: differs") as told:
            check(log_abs_det, "log_abs_det", framework="autograd")
        assert "known mistake" not in str(told.value)
