"""The probability-flow ODE."""

import numpy as np
import pytest

from refdgm.sde.probability_flow_drift import probability_flow_drift

from ..kit import verify

TestProbabilityFlowDrift = verify(probability_flow_drift)

MEAN, VAR = 2.0, 0.25  # of Gaussian data


def variance_preserving(t):
    """β from 0.1 to 20: (−β/2, √β, mean and variance at t)."""
    beta, kept = 0.1 + 19.9 * t, np.exp(-(0.1 * t + 19.9 * t**2 / 2))
    return -beta / 2, np.sqrt(beta), np.sqrt(kept) * MEAN, kept * VAR + 1 - kept


def variance_exploding(t):
    """σ(t) = 0.01 · 300ᵗ, g² = dσ²/dt."""
    sigma2, rate = 1e-4 * 300.0 ** (2 * t), 2 * np.log(300.0)
    return 0.0, np.sqrt(rate * sigma2), MEAN, VAR + sigma2 - 1e-4


def velocity(process, x, t):
    slope, g, mean, var = process(t)
    return probability_flow_drift(slope * x, (mean - x) / var, np.full(len(x), g))


def runge_kutta(process, x, steps):
    """From t = 1 to 0."""
    h = -1 / steps
    for n in range(steps):
        t = 1 + n * h
        k1 = velocity(process, x, t)
        k2 = velocity(process, x + h / 2 * k1, t + h / 2)
        k3 = velocity(process, x + h / 2 * k2, t + h / 2)
        k4 = velocity(process, x + h * k3, t + h)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


class TestLaws:
    @pytest.mark.parametrize("process", [variance_preserving, variance_exploding])
    def test_gaussian_data_are_transported_exactly(self, process):
        """x(0) = μ + √(v₀/v_T) (x(T) − m_T) for both processes, by RK4 with 3200 steps. Kills: g² without ½ (it
        returns another variance), g for g², the score's sign, ½ on the drift.
        """
        x = np.linspace(-2, 2, 5)[:, None]
        _, _, mean, var = process(1.0)
        want = MEAN + np.sqrt(VAR / var) * (x - mean)
        np.testing.assert_allclose(runge_kutta(process, x, 3200), want, rtol=1e-10)

    def test_the_marginals_are_those_of_the_sde(self):
        """Continuity and Fokker–Planck at points of a Gaussian family: ∂_t log p = −∂_x v − v ∂_x log p for the
        velocity, by the exact derivatives of mean and variance. Kills: any other share of g² s.
        """
        slope, g, m, v = -0.75, 1.25, 0.5, 0.4  # dm/dt = slope m, dv/dt = 2 slope v + g²
        x = np.linspace(-1, 2, 7)[:, None]
        score = (m - x) / v
        got = probability_flow_drift(slope * x, score, np.full(7, g))
        divergence = slope + g**2 / v / 2
        rate = (x - m) / v * slope * m + ((x - m) ** 2 / v - 1) / (2 * v) * (2 * slope * v + g**2)
        np.testing.assert_allclose(-divergence - got * score, rate, rtol=1e-12, atol=1e-14)

    def test_langevin_dynamics_stand_still(self):
        """f = ½ g² ∇ log p keeps p, and without noise nothing moves. Kills: g² s, a quarter."""
        score, g = np.asarray([[1.0, -3.0], [0.5, 7.0]]), np.asarray([0.5, -2.0])
        assert not np.any(probability_flow_drift(g[:, None] ** 2 / 2 * score, score, g))

    def test_gradients_by_hand(self):
        """Powers of two. Kills: g_bar halved or summed over the batch, s_bar with g for g²."""
        score, g = np.asarray([[2.0, 4.0], [1.0, 8.0]]), np.asarray([4.0, -0.5])
        bar = np.asarray([[1.0, 2.0], [4.0, -1.0]])
        grads = probability_flow_drift.vjp(np.zeros((2, 2)), score, g)[1](bar)
        np.testing.assert_array_equal(grads["diffusion"], [-40.0, -2.0])
        np.testing.assert_array_equal(grads["score"], [[-8.0, -16.0], [-0.5, 0.125]])
        np.testing.assert_array_equal(grads["drift"], bar)
