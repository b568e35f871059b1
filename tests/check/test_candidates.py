"""How a candidate may be written: names, orders, reductions, pairs, torch modules and functions."""

import ast
from dataclasses import replace
from importlib.resources import files

import autograd.numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates import embedded
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import CandidateError
from refdgm.check.judging.once import measuring_together
from refdgm.testing import check

from ..turns import in_turn

pytestmark = pytest.mark.usefixtures("measured_together")


def test_the_embedded_definitions_agree(refdgm_check):
    """By turns; of all of them by `refdgm check --definitions`."""
    names = in_turn(CATALOGUE)
    run = refdgm_check(None, "--select", ",".join(names))
    assert run.code == 0
    assert f"{len(names)} of {len(names)} functions agree" in run.text
    assert {f["reference"] for f in run.report["functions"]} == set(names)
    assert all(f["certified"] for f in run.report["functions"])


def test_no_function_replaces_another():
    """In its file, or, where the families are gathered, in another."""
    texts = [path.read_text() for path in (files("refdgm.candidates") / "in_torch").iterdir() if path.suffix == ".py"]
    body = [node for text in texts for node in ast.parse(text).body]
    names = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names += [t.id for node in body if isinstance(node, ast.Assign) for t in node.targets if hasattr(t, "id")]
    assert len(names) > 60 and len(set(names)) == len(names), {name for name in names if names.count(name) > 1}


def test_a_definition_without_a_gradient_is_no_scale(monkeypatch):
    """It would measure an error of zero there, and blame the candidate."""
    lacking = replace(embedded.usual("gaussian_kl")[0], gradients=("mean",))
    monkeypatch.setattr(embedded, "usual", lambda name: [lacking])
    told = r"the definition of gaussian_kl has no gradient\.logvar"
    with measuring_together(), pytest.raises(RuntimeError, match=told):
        check(lambda mean, logvar: np.sum(mean**2 + logvar, axis=1), "gaussian_kl", framework="autograd")


@pytest.mark.needs("torch")
def test_log_sigmoid_by_the_softplus_of_pytorch(refdgm_check):
    """That softplus is x above 20: digits are lost there, and no formula is wrong."""
    run = refdgm_check("""
        import torch.nn.functional as F
        def log_sigmoid(x): return -F.softplus(-x)
        def softplus(x): return F.softplus(x)
    """)
    assert run.code == 0
    assert (run.verdict("log_sigmoid"), run.verdict("softplus")) == ("loses digits", "loses digits")


def test_other_names_another_order_a_mean_and_some_gradients(refdgm_check):
    run = refdgm_check("""
        import autograd.numpy as np
        def kl(lv, mu): return np.mean(np.sum(mu**2 + np.exp(lv) - 1 - lv, axis=1) / 2)
        def guide(uncond, cond, scale): return uncond + scale * (cond - uncond)
        def relaxed(t, noise, l):
            e = np.exp((l + noise) / t - np.max((l + noise) / t, axis=1, keepdims=True))
            return e / np.sum(e, axis=1, keepdims=True)
        CANDIDATES = {
            "gaussian_kl": {"function": kl, "arguments": {"mean": "mu", "logvar": "lv"}, "reduction": "mean"},
            "classifier_free_guidance": {"function": guide, "arguments": ["eps_uncond", "eps_cond", "gamma"]},
            "gumbel_softmax": {"function": relaxed, "arguments": ["tau", "gumbel", "logits"], "gradients": ["tau"]},
        }
    """)
    assert run.code == 0
    roles = {r["role"] for f in run.report["functions"] if f["reference"] == "gumbel_softmax"
             for c in f["cases"] for r in c["roles"]}  # fmt: skip
    assert roles == {"output.value", "gradient.tau"}


def test_a_reduction_is_checked():
    each = lambda mean, logvar: np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2
    for reduced, declared, right in ((np.mean, "mean", True), (np.sum, "mean", False), (np.sum, "sum", True)):
        fn = lambda mean, logvar, reduced=reduced: reduced(each(mean, logvar))
        if right:
            check(fn, "gaussian_kl", reduction=declared, framework="autograd")
        else:
            with pytest.raises(AssertionError, match="gaussian_kl: differs"):
                check(fn, "gaussian_kl", reduction=declared, framework="autograd")


def test_a_pair_of_value_and_gradient(refdgm_check):
    run = refdgm_check("""
        import numpy as np
        def value(eps_cond, eps_uncond, gamma): return eps_uncond + gamma * (eps_cond - eps_uncond)
        def gradient(eps_cond, eps_uncond, gamma, value_bar):
            return gamma * value_bar, (1 - gamma) * value_bar, np.sum(value_bar * (eps_cond - eps_uncond))
        CANDIDATES = {"classifier_free_guidance": {"value": value, "gradient": gradient}}
    """)
    assert run.code == 0


def test_the_decorator(refdgm_check):
    run = refdgm_check("""
        import autograd.numpy as np
        from refdgm.check import candidate
        @candidate("gaussian_kl", reduction="sum")
        def total_kl(mean, logvar): return np.sum(mean**2 + np.exp(logvar) - 1 - logvar) / 2
    """)
    assert run.code == 0


@pytest.mark.needs("torch")
def test_torch_functions_modules_and_hand_written_backwards(refdgm_check):
    run = refdgm_check("""
        import torch
        class Guide(torch.autograd.Function):
            @staticmethod
            def forward(ctx, c, u, g):
                ctx.save_for_backward(c, u, g)
                return u + g * (c - u)
            @staticmethod
            def backward(ctx, bar):
                c, u, g = ctx.saved_tensors
                return g * bar, (1 - g) * bar, (bar * (c - u)).sum()
        class Quantizer(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding = torch.nn.Embedding(2, 2)
            def forward(self, z, beta):
                w = self.embedding.weight
                k = (z[:, None] - w).square().sum(-1).argmin(-1)
                q = w[k]
                c, m = (z.detach() - q).square().sum(-1), beta * (z - q.detach()).square().sum(-1)
                return k, z + (q - z).detach(), c, m
        CANDIDATES = {
            "classifier_free_guidance": Guide,
            "vector_quantization": {"function": Quantizer(), "parameters": {"codebook": "embedding.weight"}},
        }
    """)
    assert run.code == 0


@pytest.mark.parametrize("wrong, verdict", [
    (lambda bar, c, u, g: (g * bar, (1 - g) * bar, (bar * (c - u)).sum()), None),
    (lambda bar, c, u, g: (bar, (1 - g) * bar, (bar * (c - u)).sum()), "differs"),
    (lambda bar, c, u, g: (g * bar, g * bar, (bar * (c - u)).sum()), "differs"),
    (lambda bar, c, u, g: (g * bar, (1 - g) * bar, None), "differs"),
])  # fmt: skip
@pytest.mark.needs("torch")
def test_a_backward_in_torch(wrong, verdict):
    import torch


    class Guide(torch.autograd.Function):
        @staticmethod
        def forward(ctx, c, u, g):
            ctx.save_for_backward(c, u, g)
            return u + g * (c - u)

        @staticmethod
        def backward(ctx, bar):
            return wrong(bar, *ctx.saved_tensors)

    asked = {"framework": "torch", "gradients": ["eps_cond", "eps_uncond", "gamma"]}
    if verdict is None:
        check(Guide, "classifier_free_guidance", **asked)
        return
    with pytest.raises(AssertionError, match=f"classifier_free_guidance: {verdict}"):
        check(Guide, "classifier_free_guidance", **asked)


@pytest.mark.needs("torch")
def test_torch_candidates_agree(refdgm_check):
    names = in_turn(CATALOGUE)
    run = refdgm_check(None, "refdgm.candidates.torch_losses", "--select", ",".join(names))
    assert run.code == 0
    assert f"{len(names)} of {len(names)} functions agree" in run.text


@pytest.mark.needs("torch")
def test_there_is_a_torch_candidate_of_every_reference():
    import refdgm.candidates.torch_losses as candidates

    assert [name for name in CATALOGUE if not hasattr(candidates, name)] == []


def test_float32(refdgm_check):
    run = refdgm_check(None, "--dtype", "float32", "--select", ",".join(in_turn(CATALOGUE)))
    assert run.code == 0
    assert {f["dtype"] for f in run.report["functions"]} == {"float32"}


def test_fresh_cases_are_said_not_to_be_certified(refdgm_check):
    run = refdgm_check(None, "--shape", "B=3,K=4", "--seed", "7", "--select", "gumbel_softmax,vector_quantization")
    assert run.code == 0
    assert "not certified" in run.text
    assert not any(f["certified"] for f in run.report["functions"])


def test_declarations_without_meaning_are_refused():
    ref = CATALOGUE["gaussian_kl"]
    for entry in ({"function": 1}, {"function": print, "arguments": ["x"]}, {"function": print, "framework": "mxnet"},
                  {"function": print, "gradients": ["beta"]}, {"function": print, "convention": "none"},
                  {"function": print, "reduction": "max"}, {"value": print, "gradient": 3}):  # fmt: skip
        with pytest.raises(CandidateError):
            adapted(ref, entry)
