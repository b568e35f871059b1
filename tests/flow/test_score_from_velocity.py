"""The score of the points of a flow."""

import numpy as np
import pytest

from refdgm.flow.score_from_velocity import score_from_velocity

from ..kit import verify

TestScoreFromVelocity = verify(score_from_velocity)

T = np.array([0.03125, 0.25, 0.5, 0.75, 0.96875])


class TestLaws:
    def test_at_a_point(self):
        """x = 1, v = 8, t = ¼: s = (2 − 1)/¾ = 4/3; for s_bar = 9 x_bar = −12, v_bar = 3, t_bar = 9 · 7 · 16/9 = 112.
        Kills: the data in place of the noise, another power of 1 − t, any sign, t_bar with the denominator held."""
        value, pullback = score_from_velocity.vjp(np.ones((1, 1)), np.full((1, 1), 8.0), np.array([0.25]))
        grads = pullback(np.full((1, 1), 9.0))
        np.testing.assert_allclose(value, [[4 / 3]], rtol=1e-15)
        np.testing.assert_allclose(grads["xt"], [[-12.0]], rtol=1e-15)
        np.testing.assert_allclose(grads["velocity"], [[3.0]], rtol=1e-15)
        np.testing.assert_allclose(grads["t"], [112.0], rtol=1e-15)

    @pytest.mark.parametrize("v", [0.25, 1.0, 2.25])
    def test_gaussian_data(self, v):
        """N(0, 1) to N(μ, v): the best velocity gives −(x − t μ)/v_t, the score of x_t ~ N(t μ, v_t). Kills: another
        weight of x or v, the noise or the data returned."""
        mu, x, t = 0.7, np.array([[-2.0, 0.3, 1.0]] * 5), T[:, None]
        variance = (1 - t) ** 2 + t**2 * v
        best = mu + (t * v - (1 - t)) / variance * (x - t * mu)
        np.testing.assert_allclose(score_from_velocity(x, best, T), -(x - t * mu) / variance, rtol=1e-11, atol=1e-12)

    def test_data_at_three_points(self):
        """The slope of log Σ w N(t y, (1 − t)²), by an imaginary step, from the mean velocity of the pairs that meet.
        Kills: what is right for one Gaussian only."""
        data, weight, x = np.array([-1.0, 0.25, 2.0]), np.array([0.5, 0.3, 0.2]), np.linspace(-1.5, 2, 5)
        t = T[:, None]

        def parts(x):
            return weight * np.exp(-((x[:, None] - t * data) ** 2) / (2 * (1 - t) ** 2)) / (1 - t)

        share = parts(x) / parts(x).sum(1, keepdims=True)
        velocity = np.sum(share * (data - x[:, None]) / (1 - t), axis=1)
        slope = np.imag(np.log(parts(x + 1e-30j).sum(1))) / 1e-30
        np.testing.assert_allclose(score_from_velocity(x, velocity, T), slope, rtol=1e-10)

    def test_of_one_pair_it_is_its_noise(self, rng):
        """−x₀/(1 − t) at x₀ + t (x₁ − x₀), whatever the data are. Kills: any part of the data in the score."""
        x0, x1 = rng.normal(size=(2, 5, 3))
        t = T[:, None]
        got = score_from_velocity((1 - t) * x0 + t * x1, x1 - x0, T)
        np.testing.assert_allclose(got, -x0 / (1 - t), rtol=1e-11, atol=1e-12)

    def test_the_flow_of_the_score_is_the_flow(self, rng):
        """With x_t = (1 − t) x₀ + t x₁ the process with drift x/t and g² = 2 (1 − t)/t has the same laws run backwards:
        v = x/t + ((1 − t)/t) s. Kills: a score that is right at one time only."""
        x, v = rng.normal(size=(2, 5, 3))
        t = T[:, None]
        s = score_from_velocity(x, v, T)
        np.testing.assert_allclose(x / t + (1 - t) / t * s, v, rtol=1e-12, atol=1e-12)
