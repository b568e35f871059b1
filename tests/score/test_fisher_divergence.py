"""Explicit score matching."""

import numpy as np

from refdgm.score.fisher_divergence import fisher_divergence

from ..kit import verify

TestFisherDivergence = verify(fisher_divergence)


class TestLaws:
    def test_at_a_point(self):
        """s = (3, 1), t = (1, −1): d = (2, 2), J = 4, s_bar = (2, 2), t_bar = (−2, −2). Kills: no ½, s + t, t_bar of
        s_bar's sign."""
        value, pullback = fisher_divergence.vjp(np.array([[3.0, 1.0]]), np.array([[1.0, -1.0]]))
        grads = pullback(np.ones(1))
        np.testing.assert_array_equal(value, [4])
        np.testing.assert_array_equal(grads["score"], [[2, 2]])
        np.testing.assert_array_equal(grads["target"], [[-2, -2]])

    def test_two_gaussians(self):
        """N(μ, v) against N(m, w) on the line: ½ [v (1/v − 1/w)² + (μ − m)²/w²], the mean over x = μ ± √v, where the
        quadratic has its expectation. Kills: the norm for its square, half of the cross term."""
        mu, v, m, w = 0.5, 1.5, -0.25, 0.6
        x = mu + np.sqrt(v) * np.array([[1.0], [-1.0]])
        value, _ = fisher_divergence.value_and_grad(-(x - m) / w, -(x - mu) / v)
        want = (v * (1 / v - 1 / w) ** 2 + (mu - m) ** 2 / w**2) / 2
        np.testing.assert_allclose(value, want, rtol=1e-14)

    def test_components_add(self):
        """Six equal components are six times one, in whatever shape. Kills: the mean over components."""
        for shape in ((6,), (2, 3), (1, 2, 3)):
            np.testing.assert_array_equal(fisher_divergence(np.full((2, *shape), 2.0), np.ones((2, *shape))), [3, 3])
        np.testing.assert_array_equal(fisher_divergence(np.array([2.0, 4.0]), np.ones(2)), [0.5, 4.5])

    def test_digits_that_the_scores_share(self):
        """s − t = 2⁻⁴⁰ at t = 1: J = 2⁻⁸¹. Kills: ‖s‖² − 2⟨s, t⟩ + ‖t‖², which is zero or noise there."""
        t = np.ones((1, 2))
        value, pullback = fisher_divergence.vjp(t + np.array([[2.0**-40, 0]]), t)
        np.testing.assert_array_equal(value, [2.0**-81])
        np.testing.assert_array_equal(pullback(np.ones(1))["score"], [[2.0**-40, 0]])
