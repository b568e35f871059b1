"""Paths of a Wiener process."""

import numpy as np

from refdgm.sde.wiener_path import wiener_path

from ..kit import verify

TestWienerPath = verify(wiener_path)

STEPS = np.array([0.3, 0.02, 1.7, 0.4])
TIMES = np.array([0.3, 0.32, 2.02, 2.42])


class TestLaws:
    def test_by_hand(self):
        """h = (1, 4, 9), ε = (2, −1, 3): w = (2, 0, 9); for w_bar = (1, 10, 100), h_bar = (111·2/2, −110/4, 300/6).
        Kills: h for √h, increments, the last root for all, h_bar without later times or with earlier ones, or its ½."""
        path, pullback = wiener_path.vjp(np.array([[[2.0], [-1.0], [3.0]]]), np.array([1.0, 4.0, 9.0]))
        np.testing.assert_array_equal(path[0, :, 0], [2, 0, 9])
        np.testing.assert_array_equal(pullback(np.array([[[1.0], [10.0], [100.0]]]))["h"], [111, -27.5, 50])

    def test_the_covariance_is_the_earlier_time(self):
        """Unit noises give the factor L of the covariance L Lᵀ = min(t, t'), exactly in the mean. Kills: every other
        scale of an increment, noise that is shared or lost, a start that is not zero."""
        factor = wiener_path(np.eye(4)[:, :, None], STEPS)[:, :, 0].T
        np.testing.assert_allclose(factor @ factor.T, np.minimum(TIMES[:, None], TIMES), rtol=1e-15)

    def test_two_steps_are_one(self):
        """A step that is cut in two leaves the law at its end: √h₁ ε₁ + √h₂ ε₂ has the variance h₁ + h₂. Kills:
        deviations that add up."""
        fine = wiener_path(np.eye(2)[:, :, None], np.array([0.3, 1.1]))[:, 1, 0]
        coarse = wiener_path(np.ones((1, 1, 1)), np.array([1.4]))[0, 0, 0]
        np.testing.assert_allclose(np.sum(fine**2), coarse**2, rtol=1e-15)

    def test_coordinates_and_examples_are_independent(self):
        """One unit noise moves one coordinate of one example, from its time on. Kills: one draw for all coordinates, a
        sum along another axis."""
        eps = np.zeros((3, 4, 2))
        eps[1, 2, 1] = 1.0
        want = np.zeros_like(eps)
        want[1, 2:, 1] = np.sqrt(1.7)
        np.testing.assert_array_equal(wiener_path(eps, STEPS), want)

    def test_gradient_by_homogeneity(self, rng):
        """w has the degree ½ in all steps together: Σ h h_bar = ½ Σ w_bar w. Kills: a mean over the batch, h_bar
        without ½."""
        eps, bar = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 4, 2))
        path, pullback = wiener_path.vjp(eps, STEPS)
        np.testing.assert_allclose(np.sum(STEPS * pullback(bar)["h"]), np.sum(bar * path) / 2, rtol=1e-13)
