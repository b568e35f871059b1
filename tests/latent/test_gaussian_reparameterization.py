"""The draw of a Gaussian."""

import numpy as np

from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization

from ..kit import verify

TestGaussianReparameterization = verify(gaussian_reparameterization)

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = WEIGHTS / np.sum(WEIGHTS)


def at_every_node(mean, logvar):
    """z and its pullback with the noise at each node of Gauss's rule, an example each."""
    here = np.full((60, 1), 1.0)
    return gaussian_reparameterization.vjp(mean * here, logvar * here, NODES[:, None])


class TestLaws:
    def test_at_whole_numbers(self):
        """σ = 2 and ½: 1 + 2·3, −4 − ½·6, gradients 5 and ½·5·6, 7 and −½·7·3. Kills: e^λ, e^{−λ/2}, a factor of the
        noise, a softplus, the ½, λ_bar without σ or with z."""
        z, pullback = gaussian_reparameterization.vjp(np.array([[1.0, -4.0]]), 2 * np.log([[2.0, 0.5]]),
                                                      np.array([[3.0, -6.0]]))
        np.testing.assert_allclose(z, [[7, -7]], rtol=1e-15)
        g = pullback(np.array([[5.0, 7.0]]))
        np.testing.assert_array_equal(g["mean"], [[5, 7]])
        np.testing.assert_allclose(g["logvar"], [[15, -10.5]], rtol=1e-15)

    def test_two_points_have_mean_and_variance(self, rng):
        """ε = ±1: the mean of both is μ, their mean square distance e^λ. Kills: a shift, e^λ for its root."""
        mean, logvar = rng.normal(size=(2, 4, 3))
        up, down = (gaussian_reparameterization(mean, logvar, s * np.ones((4, 3))) for s in (1, -1))
        np.testing.assert_allclose((up + down) / 2, mean, rtol=1e-14, atol=1e-15)
        np.testing.assert_allclose((up - down) ** 2 / 4, np.exp(logvar), rtol=1e-13)

    def test_gradients_of_an_expectation(self):
        """E z² = μ² + e^λ and E sin z = e^{−e^λ/2} sin μ by Gauss's rule, and the mean gradients are the slopes of
        these. Kills: noise that is held, a ½, the first example's noise for all, any other law."""
        for mean, logvar in ((0.75, -0.5), (-1.25, 0.25)):
            z, pullback = at_every_node(mean, logvar)
            variance = np.exp(logvar)
            damped = np.exp(-variance / 2)
            for f, slope, value, mean_bar, logvar_bar in (
                (z * z, 2 * z, mean**2 + variance, 2 * mean, variance),
                (np.sin(z), np.cos(z), damped * np.sin(mean), damped * np.cos(mean),
                 -variance / 2 * damped * np.sin(mean)),
            ):
                np.testing.assert_allclose(WEIGHTS @ f[:, 0], value, rtol=1e-12)
                g = pullback(WEIGHTS[:, None] * slope)
                np.testing.assert_allclose(np.sum(g["mean"]), mean_bar, rtol=1e-12)
                np.testing.assert_allclose(np.sum(g["logvar"]), logvar_bar, rtol=1e-12)

    def test_every_component_has_its_own_noise(self):
        """Only the component whose ε is not zero moves. Kills: noise of the first example or component for all."""
        for where in np.ndindex(2, 3, 2):
            eps = np.zeros((2, 3, 2))
            eps[where] = 1.5
            z, pullback = gaussian_reparameterization.vjp(np.zeros_like(eps), np.zeros_like(eps), eps)
            np.testing.assert_array_equal(z, eps)
            np.testing.assert_array_equal(pullback(np.ones_like(eps))["logvar"], eps / 2)
