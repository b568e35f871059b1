"""The relaxed lookup, alone and behind Gumbel-softmax."""

import numpy as np
import pytest

from refdgm.latent.gumbel_softmax import gumbel_softmax, straight_through_gumbel_softmax
from refdgm.latent.relaxed_codebook import relaxed_codebook

from ..kit import verify

TestRelaxedCodebook = verify(relaxed_codebook)

CODES = np.array([[1.0, -2.0], [0.5, 8.0], [4.0, 3.0]])


class TestLaws:
    def test_one_hot_shares_are_a_lookup(self):
        """Also backwards, where what was read twice adds up. Kills: a mean of codes, W for Wᵀ, overwriting."""
        z, pullback = relaxed_codebook.vjp(np.eye(3)[[2, 0, 2]], CODES)
        np.testing.assert_array_equal(z, [[4, 3], [1, -2], [4, 3]])
        grads = pullback(np.array([[1.0, 0.0], [5.0, 7.0], [0.0, 10.0]]))
        np.testing.assert_array_equal(grads["codebook"], [[5, 7], [0, 0], [1, 10]])
        np.testing.assert_array_equal(grads["c"], [[1, 0.5, 4], [-9, 58.5, 41], [-20, 80, 30]])

    def test_equal_codes_are_read_whatever_the_shares(self, rng):
        """Kills: shares normalised once more, or not used."""
        c = rng.dirichlet(np.ones(3), size=5)
        np.testing.assert_allclose(relaxed_codebook(c, np.tile(CODES[:1], (3, 1))), np.tile(CODES[:1], (5, 1)),
                                   rtol=1e-15)
        np.testing.assert_allclose(relaxed_codebook(2 * c, CODES), 2 * relaxed_codebook(c, CODES), rtol=1e-15)


def expected_gradient(tau, estimator):
    """d/da E f(z), f(z) = (z − 0.3)², codes 1 and 0, logits (a, 0), a = 0.4: the logistic noise by quadrature."""
    step = 2.0**-7
    noise = step * np.arange(-5120, 5121)
    density = np.exp(-np.abs(noise)) / (1 + np.exp(-np.abs(noise))) ** 2
    gumbel = np.stack([noise, np.zeros_like(noise)], axis=1)
    logits, codes = np.tile([[0.4, 0.0]], (len(noise), 1)), np.array([[1.0], [0.0]])
    c, relaxation = estimator.vjp(logits, gumbel, tau)
    z, lookup = relaxed_codebook.vjp(c, codes)
    z_bar = step * density[:, None] * 2 * (z - 0.3)
    return np.sum(relaxation(lookup(z_bar)["c"])["logits"][:, 0])


EXACT = 0.4 * np.exp(0.4) / (1 + np.exp(0.4)) ** 2  # p (1 − p) (f(1) − f(0)) = 0.0961043


class TestBehindTheRelaxation:
    @pytest.mark.parametrize(("tau", "want"), [(2.0, 0.0498703), (1.0, 0.0786923), (0.5, 0.0976701), (0.1, 0.1000204)])
    def test_the_relaxed_gradient_is_biased(self, tau, want):
        """d/da E (σ((a + g)/τ) − 0.3)², by quadrature over logistic g. Kills: 1/τ lost or doubled on the way, codes in
        another order, and the claim that the relaxation has the gradient of the expectation."""
        np.testing.assert_allclose(expected_gradient(tau, gumbel_softmax), want, atol=6e-8)
        assert abs(want - EXACT) > 1e-3

    def test_the_bias_vanishes_with_the_temperature(self):
        """E f falls short by τ p' ∫ c (1 − c) over the layer where c is neither 0 nor 1, which is τ p (1 − p): so the
        bias of the gradient is τ p (1 − p) (2p − 1) to first order. Kills: a gradient with another limit."""
        p = np.exp(0.4) / (1 + np.exp(0.4))
        bias = expected_gradient(0.02, gumbel_softmax) - EXACT
        np.testing.assert_allclose(bias, 0.02 * p * (1 - p) * (2 * p - 1), rtol=0.05)

    def test_straight_through_reads_the_code_and_is_biased_too(self):
        """f'(c) at the one-hot point: E f'(c) σ'(u)/τ by quadrature. Kills: the relaxed value forwards."""
        tau, step = 0.5, 2.0**-7
        noise = step * np.arange(-5120, 5121)
        density = np.exp(-np.abs(noise)) / (1 + np.exp(-np.abs(noise))) ** 2
        y = 1 / (1 + np.exp(-(0.4 + noise) / tau))
        want = step * np.sum(density * 2 * ((0.4 + noise > 0) - 0.3) * y * (1 - y) / tau)
        np.testing.assert_allclose(expected_gradient(tau, straight_through_gumbel_softmax), want, rtol=1e-11)
        assert abs(want - EXACT) > 1e-3
