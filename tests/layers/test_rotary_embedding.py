"""Positions that turn vectors."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.layers.rotary_embedding import rotary_embedding

from ..kit import verify
from ..refusal import refused

TestRotaryEmbedding = verify(rotary_embedding)

T = np.array([0.0, 1.0, 50.0, 999.0])
BASE = np.array(1e4)


def matrix(t, omega):
    """Of one position: halves, each pair turned by ω t."""
    c, s = np.diag(np.cos(omega * t)), np.diag(np.sin(omega * t))
    return np.block([[c, -s], [s, c]])


class TestLaws:
    def test_the_matrices_by_hand(self):
        """Eight components have the frequencies 1, 1/10, 1/100, 1/1000. Kills: neighbours for halves, a sign, another
        exponent, i from one, a frequency forgotten, x turned on in place of back."""
        omega, x = np.array([1, 0.1, 0.01, 0.001]), np.random.default_rng(1).normal(size=(2, 4, 8))
        y, pullback = rotary_embedding.vjp(x, T, BASE)
        turns = np.stack([matrix(t, omega) for t in T])
        np.testing.assert_allclose(y, np.einsum("nij,bnj->bni", turns, x), atol=1e-12)
        bar = np.random.default_rng(2).normal(size=x.shape)
        grads = pullback(bar)
        np.testing.assert_allclose(grads["x"], np.einsum("nji,bnj->bni", turns, bar), atol=1e-12)
        zero, one = np.zeros((4, 4)), np.diag(omega)
        speed = np.einsum("ij,bnj->bni", np.block([[zero, -one], [one, zero]]), y)
        np.testing.assert_allclose(grads["position"], np.einsum("bni,bni->n", bar, speed), atol=1e-12)

    def test_the_first_position_is_not_turned(self, rng):
        """Kills: positions from one, waves that are added."""
        x = rng.normal(size=(2, 1, 6))
        np.testing.assert_array_equal(rotary_embedding(x, np.zeros(1), BASE), x)

    def test_products_know_the_distance_alone(self, rng):
        """⟨R_s q, R_t k⟩ = ⟨R_{s+u} q, R_{t+u} k⟩, and lengths stay. Kills: one sign for both halves, added waves."""
        q, k = rng.normal(size=(2, 4, 6)), rng.normal(size=(2, 4, 6))
        of = lambda x, u: rotary_embedding(x, T + u, BASE)
        np.testing.assert_allclose(of(q, 0) @ np.swapaxes(of(k, 0), 1, 2), of(q, 7.5) @ np.swapaxes(of(k, 7.5), 1, 2),
                                   atol=1e-10)
        np.testing.assert_allclose(np.sum(of(q, 3) ** 2, axis=2), np.sum(q**2, axis=2), rtol=1e-14)

    @pytest.mark.parametrize("many", [1, 3, 5])
    def test_the_last_of_an_odd_number_stays(self, rng, many):
        x = rng.normal(size=(2, 4, many))
        y, pullback = rotary_embedding.vjp(x, T, BASE)
        np.testing.assert_array_equal(y[:, :, -1], x[:, :, -1])
        np.testing.assert_array_equal(pullback(x)["x"][:, :, -1], x[:, :, -1])
        np.testing.assert_allclose(y[:, :, :-1], rotary_embedding(x[:, :, :-1], T, BASE), rtol=1e-15)

    def test_backwards_undoes_it(self, rng):
        """R(−t) R(t) = 1, and the pullback of R(t) y is x. Kills: x turned on in place of back."""
        x = rng.normal(size=(2, 4, 6))
        y, pullback = rotary_embedding.vjp(x, T, BASE)
        np.testing.assert_allclose(rotary_embedding(y, -T, BASE), x, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(pullback(y)["x"], x, rtol=1e-12, atol=1e-13)


class TestTheBase:
    @pytest.mark.parametrize("base", [0.0, -1.0, np.inf, np.nan])
    def test_is_positive(self, base):
        refused(rotary_embedding, ArgumentError, "base must be positive and finite", np.ones((1, 4, 2)), T,
                np.array(base))
