"""Vectors over their root mean square, and over their deviation."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.layer_norm import layer_norm, rms_norm

from ..kit import verify
from ..refusal import refused

TestRmsNorm = verify(rms_norm)
TestLayerNorm = verify(layer_norm)

ONE, NONE = np.ones(3), np.zeros(3)
PLAIN = [(rms_norm, ()), (layer_norm, (NONE,))]
each = pytest.mark.parametrize(("ref", "bias"), PLAIN, ids=["rms_norm", "layer_norm"])


class TestLaws:
    def test_by_hand(self):
        """mean(x²) + ϵ = 3 + 1 = 2², of (1, 2, −2); weights 1, 10, 100. Kills: a sum for the mean, no root, ϵ outside,
        a mean taken off, a weight that is not in the gradient or behind the projection, a 1/D too many."""
        x = np.array([[[1.0, 2.0, -2.0]]])
        y, pullback = rms_norm.vjp(x, np.array([1.0, 10.0, 100.0]), np.array(1.0))
        np.testing.assert_array_equal(y, [[[0.5, 10.0, -100.0]]])
        grads = pullback(np.array([[[1.0, 0.0, 0.0]]]))
        np.testing.assert_allclose(grads["x"], [[[11 / 24, -1 / 12, 1 / 12]]], rtol=1e-14)
        np.testing.assert_array_equal(grads["weight"], [0.5, 0, 0])
        grads = pullback(np.array([[[0.0, 1.0, 0.0]]]))
        np.testing.assert_allclose(grads["x"], [[[-10 / 12, 10 / 3, 10 / 6]]], rtol=1e-14)

    def test_by_hand_with_its_mean(self):
        """x = 7 + (−2, 0, 2), var + ϵ = 8/3 + 4/3 = 2². Kills: D − 1, ϵ outside, either path forgotten or taken twice,
        the bias not added or weighed."""
        x = 7 + np.array([[[-2.0, 0.0, 2.0]]])
        w, b = np.array([1.0, 10.0, 100.0]), np.array([5.0, 6.0, 7.0])
        y, pullback = layer_norm.vjp(x, w, b, np.array(4 / 3))
        np.testing.assert_allclose(y, [[[4.0, 6.0, 107.0]]], rtol=1e-15)
        grads = pullback(np.array([[[0.0, 0.0, 1.0]]]))
        want = (100 * np.array([0, 0, 1.0]) - 100 / 3 - np.array([-1.0, 0, 1]) * 100 / 3) / 2
        np.testing.assert_allclose(grads["x"], [[want]], rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(grads["weight"], [0, 0, 1.0], atol=1e-15)
        np.testing.assert_array_equal(grads["bias"], [0, 0, 1.0])

    @each
    def test_what_all_positions_share_hears_of_all(self, ref, bias):
        """Four times the same vector, four times the slope in w and b. Kills: a mean, one example or position alone."""
        x = np.array([1.0, 5.0, -3.0]) * np.ones((2, 2, 1))
        bar = np.array([1.0, -2.0, 0.5]) * np.ones((2, 2, 1))
        once = ref.vjp(x[:1, :1], ONE, *bias, np.array(0.5))[1](bar[:1, :1])
        for name, got in ref.vjp(x, ONE, *bias, np.array(0.5))[1](bar).items():
            np.testing.assert_allclose(got, 4 * once[name] if name != "x" else once[name] + 0 * x, rtol=1e-14)

    @each
    def test_length(self, ref, bias, rng):
        """mean(n²) = v/(v + ϵ) of a mean square, or variance, v. Kills: another power, ϵ elsewhere, D − 1."""
        x = rng.normal(size=(3, 2, 3))
        v = np.mean(x**2, axis=-1) if ref is rms_norm else np.var(x, axis=-1)
        n = ref(x, ONE, *bias, np.array(0.25))
        np.testing.assert_allclose(np.mean(n**2, axis=-1), v / (v + 0.25), rtol=1e-13)

    @pytest.mark.parametrize("eps", [1e-3, 1e-9, 1e-14])
    def test_of_a_cotangent_along_the_vector_the_share_of_eps_is_left(self, eps):
        """x_bar = ϵ h/r³ of one component, and of two whose mean is off. Kills: h − n² h, which has no digits."""
        x, e = np.array([[[2.0]]]), np.array(eps)
        got = rms_norm.vjp(x, np.ones(1), e)[1](np.array([[[3.0]]]))["x"]
        np.testing.assert_allclose(got, eps * 3 / (4 + eps) ** 1.5, rtol=1e-14)
        x = np.array([[[1.0, 0.25]]])
        got = layer_norm.vjp(x, np.ones(2), np.zeros(2), e)[1](np.array([[[3.0, 1.25]]]))["x"]
        want = 0.875 * eps / (0.375**2 + eps) ** 1.5
        np.testing.assert_allclose(got, [[[want, -want]]], rtol=1e-14)

    def test_a_constant_and_a_scale(self, rng):
        """layer_norm of x + 2¹⁰ is that of x, and equal components are exactly b. Kills: a mean left in, mean(x²) −
        mean(x)²."""
        x, w, b = np.round(rng.normal(size=(2, 3, 5)) * 64) / 64, rng.normal(size=5), rng.normal(size=5)
        e = np.array(1e-5)
        np.testing.assert_allclose(layer_norm(x + 1024, w, b, e), layer_norm(x, w, b, e), rtol=1e-12, atol=1e-13)
        np.testing.assert_array_equal(layer_norm(np.full((1, 1, 5), 0.1), w, b, e), b[None, None])
        np.testing.assert_allclose(rms_norm(1e6 * x, w, e * 1e12), rms_norm(x, w, e), rtol=1e-13)

    def test_slopes_sum_to_zero(self, rng):
        """A constant on x changes nothing: Σ x_bar = 0. Kills: the mean held, or its slope twice."""
        x, bar = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 3, 5))
        got = layer_norm.vjp(x, rng.normal(size=5), np.zeros(5), np.array(0.1))[1](bar)["x"]
        np.testing.assert_allclose(np.sum(got, axis=-1), 0, atol=1e-14)


class TestEps:
    @each
    @pytest.mark.parametrize("eps", [0.0, -1e-5, np.inf, np.nan])
    def test_is_positive(self, ref, bias, eps):
        refused(ref, ArgumentError, "eps must be positive and finite", np.ones((1, 1, 3)), ONE, *bias, np.array(eps))
