"""Rounding shrinks with the roundoff and is told as lost digits, however many; an epsilon does not shrink."""

import pytest

pytestmark = pytest.mark.usefixtures("measured_together")

HEAD = "import autograd.numpy as np\n"
KL = "def gaussian_kl(mean, logvar):\n    return np.sum({}, axis=1) / 2\n"
SOFTMAX = "def softmax(logits):\n    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))\n    return {}\n"

BROKEN = """
rng = np.random.default_rng(0)

def gaussian_kl(mean, logvar):
    y = np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2
    pullback = lambda bar: {{"mean": bar[:, None] * mean, "logvar": bar[:, None] * np.expm1(logvar) / 2}}
    if y.dtype == np.float32:
        return {}, lambda bar: pullback(np.ravel(bar))
    return y + 1e-9 * rng.choice([-1, 1], size=y.shape), pullback
"""

LOSING = {  # forms with cancellations that no textbook has
    "a square completed": KL.format("(mean + 300) ** 2 - 600 * mean - 90000 + np.exp(logvar) - 1 - logvar"),
    "a quotient by a detour": SOFTMAX.format("e * (1 - (1 - 1 / np.sum(e, axis=1, keepdims=True)))"),
    "a number added and taken off": KL.format("mean**2 + np.exp(logvar) - 1 - ((logvar + 10) - 10)"),
    "a detour for the shares": SOFTMAX.format("1 - (1 - e / np.sum(e, axis=1, keepdims=True))"),
}
WRONG = {
    "an epsilon of 1e-8 in the variance": KL.format("mean**2 + np.exp(logvar) + 1e-8 - 1 - logvar"),
    "an epsilon of 1e-12 in the sum": SOFTMAX.format("e / (np.sum(e, axis=1, keepdims=True) + 1e-12)"),
    "an epsilon of 1e-10 in the logarithm": KL.format("mean**2 + np.exp(logvar) - 1 - np.log(np.exp(logvar) + 1e-10)"),
    "pi to ten digits": "def gaussian_log_density(x, mean, logvar):\n"
    "    return np.sum(-(x - mean) ** 2 / np.exp(logvar) - logvar - np.log(2 * 3.1415926536), axis=1) / 2\n",
}


@pytest.mark.parametrize("text", LOSING.values(), ids=LOSING)
def test_rounding_is_lost_digits(refdgm_check, text):
    run = refdgm_check(HEAD + text)
    (name,) = [function["reference"] for function in run.report["functions"]]
    assert (run.code, run.verdict(name)) == (0, "loses digits"), run.text


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_does_not_shrink_is_another_function(refdgm_check, text):
    run = refdgm_check(HEAD + text)
    (name,) = [function["reference"] for function in run.report["functions"]]
    assert (run.code, run.verdict(name)) == (1, "differs"), run.text


@pytest.mark.parametrize("there", ["np.sum(y)", "y[:, None]", "np.concatenate([y, y])"])
def test_noise_is_not_cleared_by_another_shape_in_float32(refdgm_check, there):
    """Against which the right numbers are off by more, or cannot be held at all."""
    run = refdgm_check("import numpy as np\n" + BROKEN.format(there))
    assert (run.code, run.verdict("gaussian_kl")) == (1, "differs"), run.text
    assert [case["verdict"] for case in run.report["functions"][0]["cases"]].count("differs") > 10
