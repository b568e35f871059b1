"""Langevin dynamics: one step, and a chain of them."""

import numpy as np
import pytest

from refdgm.score.gaussian_mixture import gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.sde.langevin import langevin_chain, langevin_step

from ..kit import verify

TestLangevinStep = verify(langevin_step)
TestLangevinChain = verify(langevin_chain)

PRECISION = np.array([[1.2, -0.5], [-0.5, 0.7]])
MEAN = np.array([0.8, -0.3])
GAUSSIAN = {"A": -PRECISION, "b": PRECISION @ MEAN}  # the score of N(MEAN, PRECISION⁻¹)


class TestLawsOfAStep:
    def test_by_hand(self):
        """x = 1, s = 4, ε = 3, η = ¼ gives 1 + ½ + 1½, and η_bar = 4/2 + 3/(2·½). Kills: η s, ηε, √(2η) ε, and
        η_bar without either of its terms.
        """
        value, pullback = langevin_step.vjp(np.array([1.0]), np.array([4.0]), np.array([3.0]), 0.25)
        grads = pullback(np.array([2.0]))
        np.testing.assert_array_equal(value, [3])
        np.testing.assert_array_equal(grads["x"], [2])
        np.testing.assert_array_equal(grads["score"], [0.25])
        np.testing.assert_array_equal(grads["step"], 10)

    @pytest.mark.parametrize("step, variance", [(0.01, 1.002506), (0.1, 1.025641), (0.5, 1.142857), (3.9, 40.0)])
    def test_the_variance_that_it_keeps(self, step, variance):
        """On N(0, 1) the step is affine, a x + c ε; V = a² V + c² is the law that it keeps: 1/(1 − η/4), not 1.

        Kills: step · noise (0.103 at η = 0.1), the noise of the other convention (twice), a drift without ½.
        """
        a = langevin_step(np.ones(1), -np.ones(1), np.zeros(1), step)
        c = langevin_step(np.zeros(1), np.zeros(1), np.ones(1), step)
        np.testing.assert_allclose(c**2 / (1 - a**2), 1 / (1 - step / 4), rtol=1e-12)
        np.testing.assert_allclose(c**2 / (1 - a**2), variance, rtol=1e-6)

    def test_the_other_convention(self, rng):
        """x + e s + √(2e) z is the step η = 2e, as `conventions` says. Kills: the slope of the map the wrong way up."""
        x, s, z, e = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), 0.3
        (by,) = langevin_step.conventions.values()
        ours = e / by["step"].slope
        np.testing.assert_allclose(langevin_step(x, s, z, ours), x + e * s + np.sqrt(2 * e) * z, rtol=1e-13)

    def test_every_coordinate_has_its_noise(self):
        """∂x'/∂ε = √η I. Kills: one draw for all coordinates of an example."""
        unit = np.eye(3)
        moved = langevin_step(np.zeros((3, 3)), np.zeros((3, 3)), unit, 0.25)
        np.testing.assert_array_equal(moved, unit / 2)


def test_without_noise_it_climbs_to_a_mode_and_samples_nothing():
    """ε = 0 is gradient ascent: log p rises at every step, and whatever starts on one side ends at its one mode, where
    the score vanishes. Kills: the sign of the drift, a step that is larger than it says (2/λ is where it breaks)."""
    mixture = (np.zeros(2), np.array([[-1.5], [1.5]]), np.full((2, 1, 1), 0.5), 1.0, 0.3)
    x = np.array([[-3.0], [-0.2], [0.1], [2.5]])
    height = gaussian_mixture_log_density(x, *mixture)
    for _ in range(120):
        x = langevin_step(x, gaussian_mixture_score(x, *mixture), np.zeros_like(x), 0.3)
        height, before = gaussian_mixture_log_density(x, *mixture), height
        assert np.all(height >= before - 1e-15)
    np.testing.assert_allclose(gaussian_mixture_score(x, *mixture), 0, atol=1e-13)
    np.testing.assert_allclose(np.abs(x), abs(x[0, 0]), rtol=1e-13)
    np.testing.assert_array_equal(np.sign(x[:, 0]), [-1, -1, 1, 1])
    beyond = langevin_step(x + 1e-3, gaussian_mixture_score(x + 1e-3, *mixture), np.zeros_like(x), 1.5)
    assert np.all(np.abs(beyond - x) > 1e-3)


class TestLawsOfAChain:
    @pytest.mark.parametrize("step, times", [(0.3, 1), (0.3, 7), (1.1, 5)])
    def test_moments_on_a_gaussian(self, step, times):
        """With R = I − ηΛ/2 the mean is μ + Rⁿ(x₀ − μ) and the covariance V − Rⁿ V Rⁿ for
        V = (Λ − ηΛ²/4)⁻¹, by unit inputs alone. Kills: any other scale of the noise, noise of one step used in
        all, a step too few, the target's own covariance in place of the biased one.
        """
        start = np.array([2.0, -1.5])
        probes = np.concatenate([np.zeros((1, 2 * times)), np.eye(2 * times)]).reshape(-1, times, 2)
        ends = langevin_chain(np.broadcast_to(start, (2 * times + 1, 2)).copy(), probes, step, GAUSSIAN, score="linear")
        decay = np.linalg.matrix_power(np.eye(2) - step / 2 * PRECISION, times)
        np.testing.assert_allclose(ends[0], MEAN + decay @ (start - MEAN), rtol=1e-13)
        settled = np.linalg.inv(PRECISION - step / 4 * PRECISION @ PRECISION)
        reached = ends[1:] - ends[0]
        want = settled - decay @ settled @ decay
        np.testing.assert_allclose(reached.T @ reached, want, rtol=1e-12, atol=1e-14)

    def test_noise_of_one_time(self):
        """ε_t alone arrives as R^{T−1−t} √η ε_t. Kills: the noise taken in the opposite order, or before the drift."""
        step, times = 0.4, 4
        slow = np.eye(2) - step / 2 * PRECISION
        for t in range(times):
            eps = np.zeros((1, times, 2))
            eps[0, t] = [1.0, -2.0]
            end = langevin_chain(np.zeros((1, 2)), eps, step, {"A": -PRECISION, "b": np.zeros(2)}, score="linear")
            want = np.linalg.matrix_power(slow, times - 1 - t) @ (np.sqrt(step) * eps[0, t])
            np.testing.assert_allclose(end[0], want, rtol=1e-13)

    def test_gradients_of_a_power(self):
        """x_T = (1 + ηA/2)ᵀ x₀ + √η Σ (1 + ηA/2)^{T−1−t} ε_t in 1-D, differentiated by hand in x₀, η and A.

        Kills: x_bar without the score's Jacobian, A_bar of one step only, η_bar without the noise.
        """
        x, a, step, times, bar = 1.3, -0.7, 0.6, 5, 1.7
        noise = np.array([0.3, -1.1, 0.8, 0.4, -0.2])
        r, later = 1 + step * a / 2, np.arange(times - 1, -1, -1)
        slopes = times * r ** (times - 1) * x + np.sqrt(step) * np.sum(later * r ** np.maximum(later - 1, 0) * noise)
        _, pullback = langevin_chain.vjp(
            np.array([[x]]), noise[None, :, None], step, {"A": np.array([[a]]), "b": np.zeros(1)}, score="linear"
        )
        grads = pullback(np.array([[bar]]))
        np.testing.assert_allclose(grads["x"], [[bar * r**times]], rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["A"], [[bar * step / 2 * slopes]], rtol=1e-13)
        by_root = np.sum(r**later * noise) / (2 * np.sqrt(step))
        np.testing.assert_allclose(grads["step"], bar * (a / 2 * slopes + by_root), rtol=1e-13)

    def test_constant_score(self, rng):
        """s = b: x_T = x₀ + T (η/2) b + √η Σ ε_t, so b_bar = T (η/2) Σ λ. Kills: one score for T steps."""
        x, eps, bar = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
        theta = {"A": np.zeros((2, 2)), "b": np.array([0.5, -2.0])}
        end, pullback = langevin_chain.vjp(x, eps, 0.09, theta, score="linear")
        np.testing.assert_allclose(end, x + 4 * 0.045 * theta["b"] + 0.3 * eps.sum(axis=1), rtol=1e-13)
        np.testing.assert_allclose(pullback(bar)["theta"]["b"], 4 * 0.045 * bar.sum(axis=0), rtol=1e-13)
