"""Picard's iteration on a grid."""

from math import comb

import numpy as np
import pytest

from refdgm.ode.picard_iteration import picard_iteration

from ..kit import verify

TestPicardIteration = verify(picard_iteration)

TIMES, H = np.array([0.0, 0.4, 0.5, 1.1]), np.array([0.4, 0.1, 0.6, 0.3])


def euler(z, h, theta):
    points = []
    for length in h:
        z = z + length * theta * np.sin(z)
        points.append(z)
    return np.stack(points, axis=1)


class TestLaws:
    @pytest.mark.parametrize("sweeps", [1, 2, 3, 4, 7])
    def test_after_k_sweeps_the_first_k_points_are_those_of_euler(self, rng, sweeps):
        """And the others are not, until all are. Kills: the last iterate in the place of z₀, slopes of the new iterate,
        sums that are one step short, a sweep too many or too few, equal steps."""
        z0, theta = rng.normal(size=(3, 2)), rng.uniform(0.5, 1.5, size=2)
        got = picard_iteration(z0, TIMES, H, {"theta": theta}, velocity="theta_sin", sweeps=sweeps)
        want, known = euler(z0, H, theta), min(sweeps, 4)
        np.testing.assert_allclose(got[:, :known], want[:, :known], rtol=1e-14)
        assert np.all(np.abs(got - want)[:, known:] > 1e-9)

    @pytest.mark.parametrize("sweeps", [1, 2, 3, 5])
    def test_partial_sums_of_the_binomial(self, sweeps):
        """z_dot = λz with equal steps: z_n = z₀ Σ_{j ≤ K} C(n, j) (λh)^j, the first terms of (1 + λh)^n; and of its
        slope in h_m, by z_n = z₀ Σ_{|S| ≤ K} Π λh_i over sets S of steps before n. Kills: every other iteration; h_bar
        or z_bar₀ of one sweep, or without the first guess."""
        lam, h, n = -0.8, 0.37, 6
        theta = {"A": np.array([[lam]]), "b": np.zeros(1)}
        value, pullback = picard_iteration.vjp(
            np.ones((1, 1)), np.arange(n) * h, np.full(n, h), theta, velocity="linear", sweeps=sweeps)
        want = [sum(comb(i, j) * (lam * h) ** j for j in range(sweeps + 1)) for i in range(1, n + 1)]
        np.testing.assert_allclose(value[0, :, 0], want, rtol=1e-13)
        bar = np.zeros((1, n, 1))
        bar[0, -1, 0] = 1.0
        grads = pullback(bar)
        slope = lam * sum(comb(n - 1, j) * (lam * h) ** j for j in range(sweeps))
        np.testing.assert_allclose(grads["h"], np.full(n, slope), rtol=1e-12)
        np.testing.assert_allclose(grads["z0"], [[want[-1]]], rtol=1e-12)

    def test_the_error_is_bounded_as_picard_and_lindelof_say(self):
        """|z^K − z| ≤ (Lt)^{K+1}/(K+1)! e^{Lt} |z₀| against Euler's points of z_dot = λz. Kills: sweeps that do not
        converge."""
        lam, h, n = 1.3, 0.1, 10
        theta, t = {"A": np.array([[lam]]), "b": np.zeros(1)}, h * np.arange(1, 11)
        for sweeps in (1, 3, 6):
            points = picard_iteration(np.ones((1, 1)), t - h, np.full(n, h), theta, velocity="linear", sweeps=sweeps)
            factorial = np.prod(np.arange(1.0, sweeps + 2))
            bound = (lam * t) ** (sweeps + 1) / factorial * np.exp(lam * t)
            assert np.all(np.abs(points[0, :, 0] - (1 + lam * h) ** np.arange(1, n + 1)) <= bound)
