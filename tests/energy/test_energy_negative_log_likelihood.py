"""The negative log-likelihood of an energy-based model."""

import numpy as np
import pytest

from refdgm.energy.energy_negative_log_likelihood import energy_negative_log_likelihood

from ..kit import verify

TestEnergyNegativeLogLikelihood = verify(energy_negative_log_likelihood)

X = np.linspace(-12, 12, 1537)
SPACE = np.full(len(X), np.log(X[1] - X[0]))


class TestLaws:
    @pytest.mark.parametrize(("mean", "s"), [(0.0, 1.0), (1.5, 0.5), (-2.0, 1.25)])
    def test_of_a_gaussian(self, rng, mean, s):
        """A quadratic energy is N(mean, s²): ½ z² + log s√(2π). Kills: either sign, log Z left out or for the batch,
        the nodes without their spaces, a mean over them."""
        data = rng.normal(size=5)
        energy = lambda x: (x - mean) ** 2 / (2 * s**2) - 3.0
        want = (data - mean) ** 2 / (2 * s**2) + np.log(s * np.sqrt(2 * np.pi))
        np.testing.assert_allclose(energy_negative_log_likelihood(energy(data), energy(X), SPACE), want, rtol=1e-12)

    def test_rest_where_the_means_agree(self, rng):
        """E = c x⁴/4 is at rest at c = 1/mean(x⁴), and away from it the slope is mean(x⁴)/4 − 1/(4c). Kills: log Z
        held, its gradient counted once for a batch, the average over the nodes."""
        data = rng.normal(size=7)
        fourth = np.mean(data**4)
        for c in (1 / fourth, 0.5, 2.0):
            _, pullback = energy_negative_log_likelihood.vjp(c * data**4 / 4, c * X**4 / 4, SPACE)
            g = pullback(np.full(7, 1 / 7))
            slope = np.sum(g["energy"] * data**4 / 4) + np.sum(g["grid_energy"] * X**4 / 4)
            np.testing.assert_allclose(slope, fourth / 4 - 1 / (4 * c), rtol=1e-11, atol=1e-13)

    def test_probabilities_sum_to_one(self, rng):
        """Σ_k w_k e^{−J_k} = 1 when the nodes themselves are the data. Kills: another Z, in whatever way."""
        energy, log_weight = rng.normal(size=(2, 9))
        value = energy_negative_log_likelihood(energy, energy, log_weight)
        np.testing.assert_allclose(np.sum(np.exp(log_weight - value)), 1, rtol=1e-14)

    def test_data_drawn_from_the_model_have_no_gradient(self, rng):
        """With J_bar = p, the gradient at the data and on the nodes cancel. Kills: signs, and Z's share."""
        energy, log_weight = rng.normal(size=(2, 9))
        p = np.exp(log_weight - energy_negative_log_likelihood(energy, energy, log_weight))
        g = energy_negative_log_likelihood.vjp(energy, energy, log_weight)[1](p)
        np.testing.assert_allclose(g["energy"] + g["grid_energy"], np.zeros(9), atol=1e-15)

    def test_at_whole_numbers(self):
        """Factors 6, 3, ½ with weights 1, 2, 4: Z = 14, p = (3, 3, 1)/7. Kills: every factor, a mean for the sum."""
        grid, log_weight = -np.log([6, 3, 0.5]), np.log([1.0, 2.0, 4.0])
        value, pullback = energy_negative_log_likelihood.vjp(np.log([0.5, 2.0]), grid, log_weight)
        np.testing.assert_allclose(value, np.log([7, 28]), rtol=1e-14)
        g = pullback(np.array([2.0, 5.0]))
        np.testing.assert_allclose(g["energy"], [2, 5])
        np.testing.assert_allclose(g["grid_energy"], [-3, -3, -1], rtol=1e-14)
        np.testing.assert_allclose(g["log_weight"], [3, 3, 1], rtol=1e-14)

    def test_the_zero_of_energy(self, rng):
        """A constant in all energies changes nothing. Kills: whatever is not a difference of energies."""
        data, (grid, log_weight) = rng.normal(size=4), rng.normal(size=(2, 6))
        value = energy_negative_log_likelihood(data, grid, log_weight)
        np.testing.assert_allclose(energy_negative_log_likelihood(data + 9, grid + 9, log_weight), value, rtol=1e-13)
