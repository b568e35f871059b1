"""A floored divergence."""

import numpy as np

from refdgm import ArgumentError
from refdgm.latent.free_bits_kl import free_bits_kl

from ..kit import verify
from ..refusal import refused

TestFreeBitsKl = verify(free_bits_kl)

# μ² of 4 and 0, 1 and 1, σ² = 1, so that K = 1 and ½
MEAN, LOGVAR = np.array([[2.0, 1.0], [0.0, -1.0]]), np.zeros((2, 2))


class TestLaws:
    def test_a_floor_between_two_latents(self):
        """K = 1 and ½, λ₀ = ¾. Kills: the smaller of both, one floor for the sum or for every example, a floor that is
        subtracted or below which nothing counts, a sum over the batch, a mean over latents, any held path."""
        value, pullback = free_bits_kl.vjp(MEAN, LOGVAR, 0.75)
        assert value == 1.75
        g = pullback(np.array(8.0))
        np.testing.assert_array_equal(g["mean"], [[8, 0], [0, 0]])
        assert g["floor"] == 8 and not np.any(g["logvar"])
        logvar = np.log([[2.0, 1.0], [1.0, 1.0]])
        np.testing.assert_allclose(free_bits_kl(MEAN, logvar, 0.75), 2 - np.log(2) / 4, rtol=1e-15)
        g = free_bits_kl.vjp(MEAN, logvar, 0.75)[1](np.array(8.0))
        np.testing.assert_allclose(g["logvar"], [[2, 0], [0, 0]], rtol=1e-15)

    def test_a_floor_above_all_is_all_there_is(self, rng):
        """J = Z λ₀, and no encoder is pulled. Kills: a gradient that is not stopped, a floor that is held."""
        mean, logvar = rng.normal(size=(2, 3, 5))
        value, pullback = free_bits_kl.vjp(mean, logvar, 100.0)
        assert value == 500
        g = pullback(np.array(1.0))
        assert not np.any(g["mean"]) and not np.any(g["logvar"]) and g["floor"] == 5

    def test_a_floor_below_all_is_none(self, rng):
        """The plain divergence, written out. Kills: another divergence, a sum for the mean, the other way round."""
        mean, logvar = 1 + rng.uniform(size=(2, 3, 5))
        value, pullback = free_bits_kl.vjp(mean, logvar, 0.25)
        np.testing.assert_allclose(value, np.sum(mean**2 + np.exp(logvar) - 1 - logvar) / 6, rtol=1e-14)
        g = pullback(np.array(6.0))
        np.testing.assert_allclose(g["mean"], 2 * mean, rtol=1e-15)
        np.testing.assert_allclose(g["logvar"], np.exp(logvar) - 1, rtol=1e-14)
        assert g["floor"] == 0

    def test_at_the_floor_itself_nothing_is_pulled(self):
        """K = ½ = λ₀. Kills: ≥ for >."""
        g = free_bits_kl.vjp(MEAN, LOGVAR, 0.5)[1](np.array(1.0))
        np.testing.assert_array_equal(g["mean"], [[1, 0], [0, 0]])
        assert g["floor"] == 1

    def test_no_floor_and_no_example_are_refused(self):
        refused(free_bits_kl, ArgumentError, "floor must be positive", MEAN, LOGVAR, 0.0)
        said = refused(free_bits_kl, ArgumentError, "free_bits_kl needs B of at least 1, got B = 0", MEAN[:0],
                       LOGVAR[:0], 1.0)
        assert "a mean of none is none" in said
