"""Annealed Langevin dynamics."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from refdgm.nets.field import Field
from refdgm.sde.annealed_langevin import annealed_langevin

from ..kit import verify
from ..kit.drawing import cases
from ..kit.verify import along_a_direction


class TestAnnealedLangevin(verify(annealed_langevin)):
    @given(case=cases(annealed_langevin, regimes=("unit",)))
    def test_pullback_is_the_slope_in_a_direction(self, case):
        """With σ from 2 to 4 and ϵ below ½: drawn steps of a hundred are chaos, in which differences see nothing."""
        sigmas, base_step = case.arrays["input.sigmas"], case.arrays["input.base_step"]
        gentle = {"input.sigmas": 2 + sigmas / 2, "input.base_step": base_step / 8}
        along_a_direction(annealed_langevin, replace(case, arrays=case.arrays | gentle))


def gaussian_vjp(z, t, theta):
    """The score of N(μ, v I) noised by N(0, σ² I): s = (μ − z)/(v + σ²)."""
    spread = theta["variance"] + t * t
    s = (theta["mean"] - z) / spread

    def pullback(s_bar, wrt=("z", "t", "theta")):
        by_spread = -np.sum(s_bar * s) / spread
        return {"z": -s_bar / spread, "t": 2 * t * by_spread,
                "theta": {"mean": np.sum(s_bar, axis=0) / spread, "variance": by_spread}}

    return s, pullback


gaussian = Field("gaussian", ("z", "t"), lambda z, t, theta: gaussian_vjp(z, t, theta)[0], gaussian_vjp)


def data(mean, variance):
    return {"mean": np.array([mean]), "variance": np.array(variance)}


def recursion(sigmas, base_step, times, variance, start, v):
    """(mean, variance) after all levels, for data N(0, variance)."""
    m = start
    for sigma in sigmas:
        step, k = base_step * sigma**2 / sigmas[-1] ** 2, 1 / (variance + sigma**2)
        slow, settled = (1 - step * k / 2) ** times, 1 / (k * (1 - step * k / 4))
        m, v = slow * m, settled + slow**2 * (v - settled)
    return m, v


class TestLaws:
    @pytest.mark.parametrize("variance, published", [(0.01, 0.01068), (0.25, 0.26541), (1.0, 1.06142)])
    def test_published_settings_on_gaussian_data(self, variance, published):
        """Ten levels from 1 to 0.01, a hundred steps each, ϵ = 2e-5, started from U(0, 1): the exact variance
        by unit inputs. It is not the data's: these settings do not settle. Kills: α ∝ σ, α relative to σ_1, ηε.
        """
        sigmas = np.geomspace(1, 0.01, 10)
        mean = 0.5
        probes = np.zeros((1002, 10, 100, 1))
        probes[2:] = np.eye(1000).reshape(1000, 10, 100, 1)
        x = np.full((1002, 1), 0.0)
        x[1] = 1.0
        ends = annealed_langevin(x, probes, sigmas, 2e-5, data(0.0, variance), score=gaussian)[:, 0]
        got = ends[1] ** 2 / 12 + np.sum(ends[2:] ** 2)
        m, v = recursion(sigmas, 2e-5, 100, variance, mean, 1 / 12)
        np.testing.assert_allclose(got, v, rtol=1e-11)
        np.testing.assert_allclose(got, published, rtol=1e-3)
        np.testing.assert_allclose(ends[1] * mean, m, rtol=1e-11)
        assert ends[0] == 0

    def test_gradients_of_the_moments(self):
        """The derivatives of that mean in x, μ, σ_i, ϵ and v by central differences of the recursion.

        Kills: σ_bar of the steps alone or of the score alone, σ_bar_L without the other levels, ϵ_bar without the
        ratios. """
        sigmas, base_step, variance, start = np.array([0.9, 0.5, 0.3]), 0.11, 0.6, 1.4

        def mean(sigmas, base_step, variance):
            return recursion(sigmas, base_step, 3, variance, start, 0.0)[0]

        _, pullback = annealed_langevin.vjp(
            np.array([[start]]), np.zeros((1, 3, 3, 1)), sigmas, base_step, data(0.0, variance), score=gaussian
        )
        grads, h = pullback(np.ones((1, 1))), 1e-5
        for i in range(3):
            d = h * np.eye(3)[i]
            want = (mean(sigmas + d, base_step, variance) - mean(sigmas - d, base_step, variance)) / (2 * h)
            np.testing.assert_allclose(grads["sigmas"][i], want, rtol=1e-7)
        want = (mean(sigmas, base_step + h, variance) - mean(sigmas, base_step - h, variance)) / (2 * h)
        np.testing.assert_allclose(grads["base_step"], want, rtol=1e-7)
        want = (mean(sigmas, base_step, variance + h) - mean(sigmas, base_step, variance - h)) / (2 * h)
        np.testing.assert_allclose(grads["theta"]["variance"], want, rtol=1e-7)
        slow = mean(sigmas, base_step, variance) / start
        np.testing.assert_allclose(grads["x"], [[slow]], rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["mean"], [1 - slow], rtol=1e-13)

    def test_steps_know_ratios_of_levels_alone(self, rng):
        """A score without σ sees the levels through α_i: σ → 3σ changes nothing, so Σ σ_i σ_bar_i = 0.

        Kills: σ_bar_L not reduced by the other levels, α_i = ϵ σ_i².
        """
        x, eps = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2, 2))
        theta, sigmas = {"A": rng.normal(size=(2, 2)), "b": rng.normal(size=2)}, np.array([2.0, 1.1, 0.7, 0.4])
        value, pullback = annealed_langevin.vjp(x, eps, sigmas, 0.05, theta, score="linear")
        again = annealed_langevin(x, eps, 3 * sigmas, 0.05, theta, score="linear")
        np.testing.assert_allclose(again, value, rtol=1e-12)
        weighted = sigmas * pullback(rng.normal(size=(3, 2)))["sigmas"]
        np.testing.assert_allclose(np.sum(weighted), 0, atol=1e-12 * np.sum(np.abs(weighted)))
        assert np.all(np.abs(weighted) > 1e-3)

    def test_the_other_convention(self, rng):
        """x + α s + √(2α) z with α_i = e σ_i²/σ_L², in a loop of its own, is the base step that `conventions` says.
        Kills: the slope of the map the wrong way up, a map of the step alone that misses the ratios."""
        x, eps, e = rng.normal(size=(2, 1)), rng.normal(size=(2, 3, 2, 1)), 0.03
        sigmas, (by,) = np.array([0.9, 0.5, 0.3]), annealed_langevin.conventions.values()
        got = annealed_langevin(x, eps, sigmas, e / by["base_step"].slope, data(0.25, 0.6), score=gaussian)
        for i, sigma in enumerate(sigmas):
            alpha = e * sigma**2 / 0.09
            for t in range(2):
                x = x + alpha * (0.25 - x) / (0.6 + sigma**2) + np.sqrt(2 * alpha) * eps[:, i, t]
        np.testing.assert_allclose(got, x, rtol=1e-12)

    def test_noise_of_one_level(self):
        """Without a score, √α_i ε arrives from level i, √α = (2, 1, ½) for σ = (4, 2, 1) and ϵ = ¼.

        Kills: levels in the opposite order, σ_i/σ_L for its square, noise of the wrong level.
        """
        theta = {"A": np.zeros((1, 1)), "b": np.zeros(1)}
        for i, root in enumerate((2.0, 1.0, 0.5)):
            eps = np.zeros((1, 3, 2, 1))
            eps[0, i, 1] = 3.0
            end = annealed_langevin(np.ones((1, 1)), eps, np.array([4.0, 2.0, 1.0]), 0.25, theta, score="linear")
            np.testing.assert_array_equal(end, [[1 + 3 * root]])
