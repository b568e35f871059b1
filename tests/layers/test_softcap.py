"""Capped numbers."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.softcap import softcap

from ..kit import verify
from ..refusal import refused

TestSoftcap = verify(softcap)


class TestLaws:
    def test_by_hand(self):
        """tanh(½ log 3) = ½, sech² = ¾, of c = 4. Kills: a c too few or too many, tanh not squared, either c held."""
        half = np.log(3.0) / 2
        y, pullback = softcap.vjp(np.array([4 * half, -4 * half]), np.array(4.0))
        np.testing.assert_allclose(y, [2, -2], rtol=1e-15)
        grads = pullback(np.array([1.0, 0.0]))
        np.testing.assert_allclose(grads["x"], [3 / 4, 0], rtol=1e-15)
        np.testing.assert_allclose(grads["cap"], 1 / 2 - half * 3 / 4, rtol=1e-14)
        np.testing.assert_allclose(pullback(np.array([1.0, 1.0]))["cap"], 0, atol=1e-16)

    def test_what_scales_with_the_cap(self, rng):
        """y(a x, a c) = a y(x, c), so ⟨x, x_bar⟩ + c c_bar = ⟨y_bar, y⟩ (Euler). Kills: c met once, a mean."""
        x, bar, cap = rng.normal(size=(3, 5)) * 4, rng.normal(size=(3, 5)), np.array(3.0)
        y, pullback = softcap.vjp(x, cap)
        grads = pullback(bar)
        np.testing.assert_allclose(softcap(8 * x, 8 * cap), 8 * y, rtol=1e-15)
        np.testing.assert_allclose(np.sum(x * grads["x"]) + cap * grads["cap"], np.sum(bar * y), rtol=1e-13)

    @pytest.mark.parametrize("u", [1e-3, 1e-6, 1e-30])
    def test_near_zero(self, u):
        """y = x − x³/(3 c²), and the slope in c is ⅔ u³ (1 − 4u²/5). Kills: tanh u − u sech² u as it stands."""
        cap = 2.0
        y, pullback = softcap.vjp(np.array([cap * u]), np.array(cap))
        np.testing.assert_allclose(y, [cap * (u - u**3 / 3)], rtol=1e-12)
        np.testing.assert_allclose(pullback(np.ones(1))["cap"], 2 / 3 * u**3 * (1 - 4 / 5 * u**2), rtol=1e-11)

    def test_beyond_the_cap(self):
        """sech² u = 4 e^{−2u}, and c_bar tends to one. Kills: 1 − tanh²: 0 from u = 19 on."""
        grads = softcap.vjp(np.array([300.0]), np.array(10.0))[1](np.ones(1))
        np.testing.assert_allclose(grads["x"], [4 * np.exp(-60.0)], rtol=1e-14)
        np.testing.assert_allclose(grads["cap"], 1, rtol=1e-15)


class TestTheCap:
    @pytest.mark.parametrize("cap", [0.0, -30.0, np.inf, np.nan])
    def test_is_positive_and_finite(self, cap):
        """Some configurations have 0, −1 or None where there is no cap: that is another function."""
        refused(softcap, ArgumentError, "cap must be positive and finite", np.ones(3), np.array(cap))
