"""An argument that the framework finds no path to has the gradient zero: right where the right one is."""

import pytest

pytestmark = pytest.mark.usefixtures("measured_together")

TRACE = """
import torch
def jacobian_trace(x, theta, *, score):  # the last bias moves no Jacobian, and no path leads to it
    s = score(x, theta)
    return sum(torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1]))
"""


@pytest.mark.needs("torch")
def test_zero_where_it_is_right(refdgm_check):
    run = refdgm_check(TRACE)
    assert run.code == 0


@pytest.mark.needs("torch")
def test_zero_where_it_is_wrong(refdgm_check):
    run = refdgm_check("""
        import torch
        def gaussian_kl(mean, logvar):
            return (mean.square() + logvar.exp() - 1 - logvar).detach().sum(-1) / 2 + 0 * logvar.sum(-1)
    """)
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")
    assert "no gradient reaches it" in run.text and "gradient.mean" in run.text
    assert "gradient.mean" in run.equals("gaussian_kl")


@pytest.mark.parametrize("framework", [pytest.param("torch", marks=pytest.mark.needs("torch")), "autograd"])
def test_nothing_at_all(refdgm_check, framework):
    """No output depends on any argument, as far as the framework can see."""
    stopped = {"torch": "torch.as_tensor", "autograd": "np.array"}[framework]
    run = refdgm_check(f"""
        import {"torch" if framework == "torch" else "autograd.numpy as np"}
        def classifier_free_guidance(eps_cond, eps_uncond, gamma):
            plain = lambda x: getattr(x, "_value", x) if {framework == "autograd"} else x.detach()
            c, u, g = map(plain, (eps_cond, eps_uncond, gamma))
            return {stopped}(u + g * (c - u))
    """)
    assert (run.code, run.verdict("classifier_free_guidance")) == (1, "differs")
    assert "no gradient reaches it" in run.text


@pytest.mark.parametrize("framework", [pytest.param(name, marks=pytest.mark.needs(name)) for name in ("torch", "jax")])
def test_a_number_of_python_is_a_float64_that_no_gradient_reaches(refdgm_check, framework):
    module = {"torch": "torch", "jax": "jax.numpy"}[framework]
    run = refdgm_check(f"""
        import {module} as xp
        def kl(mean, logvar):
            return (0.5 * (xp.exp(logvar) + mean**2 - 1 - logvar).sum(-1)).mean().item()
        CANDIDATES = {{"gaussian_kl": {{"value": kl, "reduction": "mean"}}}}
    """, "--select", "gaussian_kl")
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs")
    assert "no gradient reaches it where the framework found no path (a detach, a copy, .item()?)" in run.text
    assert "answers in float32" not in run.text
