"""Arrays with other axes than ours: images, a number for each example that has axes of one, sums over the rest."""

import autograd.numpy as np
import pytest

from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

AUTOGRAD = {"framework": "autograd"}


def over_the_rest(score, target):
    """torch's sum(dim=list(range(1, ndim))): of a batch of numbers it is the sum of all."""
    axes = tuple(range(1, score.ndim)) or None
    return np.sum((score - target) ** 2, axis=axes) / 2


def test_a_reduction_over_the_rest():
    found = check(over_the_rest, "fisher_divergence", **AUTOGRAD)
    assert found.not_asked and all("no axes beside the batch" in why for _, why in found.not_asked)
    assert found.answered == found.asked == len(found.results) > 0
    with pytest.raises(AssertionError, match="fisher_divergence: differs"):
        check(lambda score, target: 3 * over_the_rest(score, target), "fisher_divergence", **AUTOGRAD)


def images(mean, logvar):
    assert mean.ndim == logvar.ndim == 4
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=(1, 2, 3)) / 2


def test_images():
    shape = {"mean": "B,C,H,W", "logvar": "B,C,H,W"}
    check(images, "gaussian_kl", shape=shape, **AUTOGRAD)
    check(images, "gaussian_kl", shape=shape, sizes={"B": 2, "D": 24}, **AUTOGRAD)
    with pytest.raises(AssertionError, match="gaussian_kl: differs"):
        check(lambda mean, logvar: images(mean, logvar) + mean[:, 0, 0, 0], "gaussian_kl", shape=shape, **AUTOGRAD)


def noised(x0, eps, alpha_prod):
    """A number for each example with axes of one, and an output of images."""
    assert x0.ndim == 4 and alpha_prod.shape == (len(x0), 1, 1, 1)
    return np.sqrt(alpha_prod) * x0 + np.sqrt(1 - alpha_prod) * eps


def by_hand(x0, eps, alpha_prod):
    def pullback(bar):
        root, rest = np.sqrt(alpha_prod), np.sqrt(1 - alpha_prod)
        of_alpha = np.sum(bar * (x0 / root - eps / rest), axis=(1, 2, 3), keepdims=True) / 2
        return {"x0": root * bar, "alpha_prod": of_alpha}

    return noised(x0, eps, alpha_prod), pullback


def test_outputs_and_gradients_come_back():
    shape = {"x0": "B,C,H,W", "eps": "B,C,H,W", "alpha_prod": "B,1,1,1"}
    check(noised, "forward_marginal", shape=shape, gradients=["x0", "alpha_prod"], **AUTOGRAD)
    check(by_hand, "forward_marginal", shape=shape, framework="numpy")


def test_an_axis_that_is_not_there():
    with pytest.raises(AssertionError) as told:
        check(lambda mean, logvar: np.sum(mean + logvar, axis=(1, 2, 3)), "gaussian_kl", **AUTOGRAD)
    assert "it got mean (" in str(told.value) and '"shape": {"mean": "B,C,H,W"}' in str(told.value)


@pytest.mark.parametrize("shape, told", [
    ({"mean": "C,H"}, "the shape of mean must be axes such as B,C,H,W, got 'C,H'"),
    ({"mean": "B,1,1"}, "the shape of mean must be axes"),
    ({"mean": 4}, "the shape of mean must be axes"),
    ({"mu": "B,C"}, "shape names 'mu', which is not among mean, logvar, value"),
    ("B,C,H,W", "shape must be a dictionary"),
])  # fmt: skip
def test_shapes_that_say_nothing(shape, told):
    with pytest.raises(Exception, match=told):
        check(images, "gaussian_kl", shape=shape, **AUTOGRAD)
