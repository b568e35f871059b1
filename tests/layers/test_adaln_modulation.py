"""Vectors that a condition scales and moves."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.adaln_modulation import adaln_modulation

from ..kit import verify
from ..refusal import refused

TestAdalnModulation = verify(adaln_modulation)

EPS = np.array(0.25)


def drawn(rng, *shape):
    return rng.normal(size=shape), rng.normal(size=shape[::2]), rng.normal(size=shape[::2])


class TestLaws:
    def test_by_hand(self):
        """x = 7 + (−2, 0, 2), var + ϵ = 8/3 + 4/3 = 2², a scale of (0, 9, 99) and two positions of which one is silent.
        Kills: γ for 1 + γ forwards or backwards, D − 1, ϵ outside, a shift that is scaled, either path held."""
        x = 7 + np.array([[[-2.0, 0.0, 2.0], [2.0, 0.0, -2.0]]])
        shift, scale = np.array([[5.0, 6.0, 7.0]]), np.array([[0.0, 9.0, 99.0]])
        y, pullback = adaln_modulation.vjp(x, shift, scale, np.array(4 / 3))
        np.testing.assert_allclose(y, [[[4, 6, 107], [6, 6, -93]]], rtol=1e-15)
        grads = pullback(np.array([[[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]]))
        want = (100 * np.array([0, 0, 1.0]) - 100 / 3 - np.array([-1.0, 0, 1]) * 100 / 3) / 2
        np.testing.assert_allclose(grads["x"], [[want, [0, 0, 0]]], rtol=1e-14, atol=1e-14)
        np.testing.assert_allclose(grads["scale"], [[0, 0, 1]], atol=1e-15)
        np.testing.assert_array_equal(grads["shift"], [[0, 0, 1]])

    def test_examples_are_apart_and_positions_add_up(self, rng):
        """Examples one by one are the same numbers, and of an example's positions one by one scale_bar and shift_bar
        are the sum. Kills: another example's condition, sums over the batch, a mean or one position alone."""
        x, shift, scale = drawn(rng, 3, 4, 5)
        bar = rng.normal(size=x.shape)
        y, pullback = adaln_modulation.vjp(x, shift, scale, EPS)
        grads = pullback(bar)
        for b in range(3):
            total = np.zeros((2, 5))
            for n in range(4):
                one, back = adaln_modulation.vjp(x[b : b + 1, n : n + 1], shift[b : b + 1], scale[b : b + 1], EPS)
                alone = back(bar[b : b + 1, n : n + 1])
                np.testing.assert_allclose(y[b, n], one[0, 0], rtol=1e-13)
                np.testing.assert_allclose(grads["x"][b, n], alone["x"][0, 0], rtol=1e-12, atol=1e-14)
                total += alone["scale"][0], alone["shift"][0]
            np.testing.assert_allclose([grads["scale"][b], grads["shift"][b]], total, rtol=1e-12, atol=1e-14)

    def test_of_a_scale_of_minus_one_the_shift_is_left(self, rng):
        """Exactly, and nothing reaches x; the scale hears all the same. Kills: a norm behind the modulation, γ for
        1 + γ, n times γ_bar."""
        x, shift, _ = drawn(rng, 3, 4, 5)
        y, pullback = adaln_modulation.vjp(x, shift, -np.ones_like(shift), EPS)
        np.testing.assert_array_equal(y, shift[:, None, :] + 0 * x)
        grads = pullback(np.ones_like(x))
        assert not grads["x"].any()
        n = (x - np.mean(x, axis=2, keepdims=True)) / np.sqrt(np.var(x, axis=2, keepdims=True) + 0.25)
        np.testing.assert_allclose(grads["scale"], np.sum(n, axis=1), rtol=1e-12, atol=1e-14)

    def test_the_value_is_linear_in_the_condition(self, rng):
        """⟨γ, γ_bar⟩ + ⟨β, β_bar⟩ = ⟨y_bar, y − n⟩. Kills: γ_bar of x, of y, of c."""
        x, shift, scale = drawn(rng, 3, 4, 5)
        bar = rng.normal(size=x.shape)
        y, pullback = adaln_modulation.vjp(x, shift, scale, EPS)
        grads = pullback(bar)
        n = (x - np.mean(x, axis=2, keepdims=True)) / np.sqrt(np.var(x, axis=2, keepdims=True) + 0.25)
        np.testing.assert_allclose(np.sum(scale * grads["scale"]) + np.sum(shift * grads["shift"]),
                                   np.sum(bar * (y - n)), rtol=1e-12)

    def test_a_constant_on_a_vector_changes_nothing(self, rng):
        """Also 2¹⁰; slopes sum to zero, and for a small ϵ none is along x. Kills: the mean or the deviation held."""
        x, shift, scale = drawn(rng, 3, 4, 5)
        x = np.round(x * 64) / 64
        np.testing.assert_allclose(adaln_modulation(x + 1024, shift, scale, EPS),
                                   adaln_modulation(x, shift, scale, EPS), rtol=1e-12, atol=1e-13)
        got = adaln_modulation.vjp(x, shift, scale, np.array(1e-14))[1](rng.normal(size=x.shape))["x"]
        np.testing.assert_allclose(np.sum(got, axis=2), 0, atol=1e-13)
        np.testing.assert_allclose(np.sum(got * x, axis=2), 0, atol=1e-12)


class TestEps:
    @pytest.mark.parametrize("eps", [0.0, -1e-5, np.inf, np.nan])
    def test_is_positive(self, eps):
        refused(adaln_modulation, ArgumentError, "eps must be positive and finite", np.ones((1, 1, 3)),
                np.ones((1, 3)), np.ones((1, 3)), np.array(eps))
