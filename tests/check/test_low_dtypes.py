"""Candidates in half precision: right ones are not called another function, wrong ones are."""

import numpy as np
import pytest

from refdgm.check.noise import in_bfloat16, perturbed

RIGHT = """
    import torch

    def gumbel_softmax(logits, gumbel, tau):
        return torch.softmax((logits + gumbel) / tau, -1)

    def gaussian_kl(mean, logvar):
        return (mean**2 + logvar.exp() - 1 - logvar).sum(-1) / 2

    def classifier_free_guidance(eps_cond, eps_uncond, gamma):
        return eps_uncond + gamma * (eps_cond - eps_uncond)
"""
WRONG = """
    import torch

    def gumbel_softmax(logits, gumbel, tau):
        return torch.softmax((logits - gumbel) / tau, -1)

    def gaussian_kl(mean, logvar):
        return (mean**2 + logvar.exp() - 1 - logvar).sum(-1)

    def classifier_free_guidance(eps_cond, eps_uncond, gamma):
        return eps_uncond - gamma * (eps_cond - eps_uncond)
"""
DTYPES = pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
NAMES = ("gumbel_softmax", "gaussian_kl", "classifier_free_guidance")


def test_rounding_is_that_of_bfloat16():
    """Against another library's conversion, at every magnitude, ties and overflow included."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x = rng.normal(size=20_000) * 10.0 ** rng.uniform(-40, 38, 20_000)
    ties = (1 + (2 * np.arange(64) + 1) / 256) * 2.0 ** rng.integers(-20, 20, 64)
    x = np.concatenate([x, ties, -ties, [0.0, -0.0, np.inf, -np.inf, np.nan, 3.4e38]])
    with in_bfloat16():
        got = perturbed(x)
    want = torch.asarray(x).to(torch.float32).to(torch.bfloat16).to(torch.float64).numpy()
    np.testing.assert_array_equal(got, want)
    assert perturbed(np.float64(1 / 3)) == 1 / 3  # outside nothing errs


@DTYPES
def test_right_ones_lose_digits_at_most(refdgm_check, dtype):
    pytest.importorskip("torch")
    run = refdgm_check(RIGHT, "--dtype", dtype)
    assert run.code == 0, run.text
    assert {run.verdict(name) for name in NAMES} <= {"agrees", "loses digits"}


@DTYPES
def test_wrong_ones_differ(refdgm_check, dtype):
    pytest.importorskip("torch")
    run = refdgm_check(WRONG, "--dtype", dtype)
    assert run.code == 1
    assert {run.verdict(name) for name in NAMES} <= {"differs", "agrees under convention"}
    assert run.verdict("gumbel_softmax") == run.verdict("classifier_free_guidance") == "differs"
