"""The objective of flow matching."""

import numpy as np
import pytest

from refdgm.flow.flow_matching_loss import flow_matching_loss

from ..kit import verify

TestFlowMatchingLoss = verify(flow_matching_loss)

SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # of (x₀, x₁): all moments of second order


class TestLaws:
    def test_at_a_point(self):
        """x₀ = (8, 0), x₁ = (−4, 2), σ = ½: u = (−8, 2); v = (−5, 1) is off by (3, −1): J = 10, v_bar = (6, −2). Kills:
        σ left out or at the data, a mean, a half, the norm itself, any sign."""
        v, x0, x1 = np.array([[-5.0, 1.0]]), np.array([[8.0, 0.0]]), np.array([[-4.0, 2.0]])
        value, pullback = flow_matching_loss.vjp(v, x0, x1, 0.5)
        assert value.item() == 10.0
        np.testing.assert_array_equal(pullback(np.ones(1))["velocity"], [[6.0, -2.0]])

    @pytest.mark.parametrize("t", [0.0, 0.25, 0.5, 0.875, 1.0])
    def test_the_least_loss_on_gaussians(self, t):
        """N(0, 1) to N(μ, v), σ = 0: the least E J is v/v_t, v_t = (1 − t)² + t² v, at v(x) = μ + (t v − (1 − t))
        (x − t μ)/v_t, and d more where a constant √d is added; four signs have the moments exactly. Kills: a loss of
        zero at the best, a weight, the data or the noise as the target, another norm."""
        mu, v = 0.7, 2.25
        x0, x1 = SIGNS[:, :1], mu + np.sqrt(v) * SIGNS[:, 1:]
        xt, variance = (1 - t) * x0 + t * x1, (1 - t) ** 2 + t**2 * v
        best = mu + (t * v - (1 - t)) / variance * (xt - t * mu)
        for off in (0.0, 0.5, -1.5):
            value, grads = flow_matching_loss.value_and_grad(best + off, x0, x1, 0.0)
            np.testing.assert_allclose(value, v / variance + off**2, rtol=1e-14)
            np.testing.assert_allclose(np.sum(grads["velocity"]), 2 * off, atol=1e-14)
            np.testing.assert_allclose(np.sum(grads["velocity"] * (xt - t * mu)), 0, atol=1e-14)

    def test_pairs_that_meet(self):
        """Three pairs through one point, weighed: the mean of J over them is the distance from their mean velocity and
        what they differ, for any v. Kills: σ at the wrong end, a target of another pair, residuals that are averaged
        before they are squared."""
        data, weight, point, t, sigma = np.array([-1.0, 0.25, 2.0]), np.array([0.5, 0.3, 0.2]), 0.4, 0.6, 0.125
        noise = (point - t * data) / (1 - (1 - sigma) * t)
        u = (data - (1 - sigma) * point) / (1 - (1 - sigma) * t)
        for v in (-2.0, 0.1, 3.0):
            value = flow_matching_loss(np.full(3, v), noise, data, sigma)
            mean = np.sum(weight * u)
            np.testing.assert_allclose(np.sum(weight * value), (v - mean) ** 2 + np.sum(weight * (u - mean) ** 2),
                                       rtol=1e-13)

    def test_zero_at_the_target_alone(self, rng):
        x0, x1 = rng.integers(-8, 8, size=(2, 4, 3)) / 4
        value, pullback = flow_matching_loss.vjp(x1 - 0.75 * x0, x0, x1, 0.25)
        assert not value.any() and not pullback(np.ones(4))["velocity"].any()

    def test_components_add(self):
        """Six equal components are six times one, in whatever shape. Kills: the mean over some or all of them."""
        for shape in ((6,), (2, 3), (1, 2, 3)):
            one = np.ones((2, *shape))
            np.testing.assert_array_equal(flow_matching_loss(one, one, 4 * one, 0.5), [37.5, 37.5])
        np.testing.assert_array_equal(flow_matching_loss(np.ones(2), np.ones(2), np.full(2, 4.0), 0.5), [6.25, 6.25])
