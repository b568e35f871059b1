"""The log-likelihood of levels between −1 and 1."""

import numpy as np

from refdgm import ArgumentError
from refdgm.primitives.discretized_logistic_log_likelihood import discretized_logistic_log_likelihood

from ..kit import verify
from ..refusal import refused

TestDiscretizedLogisticLogLikelihood = verify(discretized_logistic_log_likelihood)

THREE = np.log(3.0)  # σ(log 3) = ¾


def grid(levels):
    """All levels, each an example of one component."""
    return (2 * np.arange(levels) / (levels - 1) - 1)[:, None]


class TestLaws:
    def test_at_known_chances(self):
        """Three levels, μ = 0, s = 1/(2 log 3): edges at ± log 3, chances ¼, ½, ¼. Kills: an end that is closed or the
        other one, any other width, a factor, a density, e^{ρ/2}, a slope in s, a sign, a width that is held."""
        x, log_scale = grid(3), np.full((3, 1), -np.log(2 * THREE))
        value, pullback = discretized_logistic_log_likelihood.vjp(x, 0 * x, log_scale, levels=3)
        np.testing.assert_allclose(value, np.log([0.25, 0.5, 0.25]), rtol=1e-15)
        g = pullback(np.array([1.0, 10.0, 100.0]))
        slope = 1.5 * THREE * np.array([[1.0], [0.0], [-100.0]])  # ¾/s
        np.testing.assert_allclose(g["x"], slope, rtol=1e-14)
        np.testing.assert_array_equal(g["mean"], -g["x"])
        np.testing.assert_allclose(g["log_scale"], 0.75 * THREE * np.array([[1.0], [-10.0], [100.0]]), rtol=1e-14)

    def test_chances_sum_to_one(self, rng):
        """Over the grid, for any μ and s, also a μ at the edge and a law far narrower than a bin; and their mean of the
        gradients is zero. Kills: a clamp, δ = 1/K, ends that are closed, data that are read as 0 to 1."""
        for levels in (3, 8, 256):
            for mean, log_scale in ((*rng.normal(size=2),), (0.3, -7.0), (-1.0, -7.0), (1.7, -1.0), (-40.0, 2.0)):
                x = grid(levels)
                value, pullback = discretized_logistic_log_likelihood.vjp(
                    x, np.full_like(x, mean), np.full_like(x, log_scale), levels=levels)
                np.testing.assert_allclose(np.sum(np.exp(value)), 1, rtol=1e-12)
                g = pullback(np.exp(value))
                size = np.sum(np.abs(g["mean"]))
                np.testing.assert_allclose(np.sum(g["mean"]), 0, atol=1e-12 * size + 1e-14)
                np.testing.assert_allclose(np.sum(g["log_scale"]), 0, atol=1e-11)

    def test_narrow_bins_have_a_density(self, rng):
        """Of 2²⁰ + 1 levels P is the logistic density times 2δ. Kills: another law, another power of δ."""
        x = np.array([[0.0, 0.5, -0.25]])
        mean, log_scale = rng.normal(size=(1, 3)), rng.normal(size=(1, 3))
        z = (x - mean) / np.exp(log_scale)
        want = np.sum(-z - log_scale - 2 * np.log(1 + np.exp(-z)) - 19 * np.log(2.0), axis=1)
        got = discretized_logistic_log_likelihood(x, mean, log_scale, levels=2**20 + 1)
        np.testing.assert_allclose(got, want, atol=1e-10)

    def test_a_mirror_changes_nothing(self, rng):
        """x ↦ −x, μ ↦ −μ. Kills: an end that is told apart from the other."""
        x, mean, log_scale = (np.sort(grid(5).T), *rng.normal(size=(2, 1, 5)))
        value, pullback = discretized_logistic_log_likelihood.vjp(x, mean, log_scale, levels=5)
        again, back = discretized_logistic_log_likelihood.vjp(-x, -mean, log_scale, levels=5)
        np.testing.assert_allclose(value, again, rtol=1e-14)
        np.testing.assert_allclose(pullback(np.ones(1))["mean"], -back(np.ones(1))["mean"], rtol=1e-13)

    def test_far_tails_keep_their_digits(self):
        """600 scales below and above μ: log P = −b + log(1 − e^{−w}), slopes ∓1/s. Kills: a difference of two σ, a
        clamp, a density for the chance."""
        s = 2.0**-7
        x, mean = np.array([[0.5], [-0.5]]), np.array([[0.5 - 600 * s], [-0.5 + 600 * s]])
        value, pullback = discretized_logistic_log_likelihood.vjp(x, mean, np.full((2, 1), np.log(s)), levels=65)
        width = 2 / 64 / s
        want = -(600 - width / 2) + np.log(1 - np.exp(-width))
        np.testing.assert_allclose(value, [want, want], rtol=1e-14)
        g = pullback(np.ones(2))
        np.testing.assert_allclose(g["x"][:, 0], [-1 / s, 1 / s], rtol=1e-13)
        spread = 600 - width / 2 - width / (np.exp(width) - 1)
        np.testing.assert_allclose(g["log_scale"][:, 0], [spread, spread], rtol=1e-13)

    def test_bytes_and_two_levels_are_refused(self):
        none = np.zeros((1, 2))
        said = refused(discretized_logistic_log_likelihood, ArgumentError, "x must be from −1 to 1",
                       np.array([[0.0, 255.0]]), none, none, levels=256)
        assert "x/127.5 − 1" in said
        refused(discretized_logistic_log_likelihood, ArgumentError, "levels must be", none, none, none, levels=2)
