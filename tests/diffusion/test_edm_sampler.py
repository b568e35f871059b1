"""The EDM sampler."""

import numpy as np
import pytest

from refdgm.diffusion.edm_sampler import edm_sampler
from refdgm.nets.field import Field

from ..kit import verify

TestEdmSampler = verify(edm_sampler)


def gaussian_vjp(z, t, theta):
    """The posterior mean of data N(μ, v I) noised by N(0, σ² I): D = (v z + σ² μ)/(v + σ²)."""
    v, total = theta["variance"], theta["variance"] + t * t
    d = (v * z + t * t * theta["mean"]) / total

    def pullback(bar, wrt=("z", "t", "theta")):
        apart = np.sum(bar * (z - theta["mean"])) / total**2
        return {"z": bar * v / total, "t": -2 * t * v * apart,
                "theta": {"mean": np.sum(bar, axis=0) * t * t / total, "variance": t * t * apart}}

    return d, pullback


gaussian = Field("gaussian", ("z", "t"), lambda z, t, theta: gaussian_vjp(z, t, theta)[0], gaussian_vjp)


def data(mean, variance):
    return {"mean": np.array([mean]), "variance": np.array(variance)}


def recursion(sigmas, churn, scale, v, start, variance):
    """(mean, variance) of the end for data N(0, v), from two slopes σ/(v + σ²) z and their mean."""
    m, slope = start, lambda s: s / (v + s * s)
    for n, sigma in enumerate(sigmas):
        high = sigma * (1 + churn[n])
        variance = variance + scale**2 * (high**2 - sigma**2)
        if n + 1 == len(sigmas):
            gain = 1 - high * slope(high)
        else:
            h = sigmas[n + 1] - high
            gain = 1 + h / 2 * (slope(high) + slope(sigmas[n + 1]) * (1 + h * slope(high)))
        m, variance = gain * m, gain**2 * variance
    return m, variance


LEVELS, CHURN = np.array([4.0, 2.3, 1.1, 0.4]), np.array([0.0, 0.2, 0.35, 0.1])


class TestLaws:
    @pytest.mark.parametrize("scale", [1.0, 1.003])
    def test_mean_and_variance_on_gaussian_data(self, scale):
        """Data N(0, v), by unit inputs: the sampler is linear, and every step has a known gain and adds known
        variance. Kills: noise σ_hat − σ, S under the root, a step from σ, D at σ, a second slope elsewhere, Euler's
        steps, noise or a second slope in the last step, one draw for all levels."""
        probes = np.concatenate([np.zeros((1, 4)), np.eye(4)])[:, :, None]
        ends = edm_sampler(np.eye(5)[:, :1], probes, LEVELS, CHURN, scale, data(0.0, 0.3), denoiser=gaussian)[:, 0]
        m, variance = recursion(LEVELS, CHURN, scale, 0.3, 1.0, 0.7)
        np.testing.assert_allclose(ends[0], m, rtol=1e-13)
        np.testing.assert_allclose(0.7 * ends[0] ** 2 + np.sum(ends[1:] ** 2), variance, rtol=1e-13)
        assert ends[1] == 0  # γ_1 = 0

    def test_gradients_of_the_mean(self):
        """The derivatives of that mean in x, σ_n, v and μ, by central differences of the recursion. Kills: σ_bar
        without the denoiser's level, without σ_hat or without x_e, θ_bar of one of the two predictions."""
        x, eps = np.array([[1.4]]), np.zeros((1, 4, 1))
        grads = edm_sampler.vjp(x, eps, LEVELS, CHURN, 1.003, data(0.0, 0.3), denoiser=gaussian)[1](np.ones((1, 1)))
        mean = lambda sigmas, v: recursion(sigmas, CHURN, 1.003, v, 1.4, 0.0)[0]
        for n in range(4):
            d = 1e-5 * np.eye(4)[n]
            want = (mean(LEVELS + d, 0.3) - mean(LEVELS - d, 0.3)) / 2e-5
            np.testing.assert_allclose(grads["sigmas"][n], want, rtol=1e-6, atol=1e-9)
        want = (mean(LEVELS, 0.3 + 1e-5) - mean(LEVELS, 0.3 - 1e-5)) / 2e-5
        np.testing.assert_allclose(grads["theta"]["variance"], want, rtol=1e-6)
        np.testing.assert_allclose(grads["x"], [[mean(LEVELS, 0.3) / 1.4]], rtol=1e-13)
        np.testing.assert_allclose(grads["theta"]["mean"], [1 - mean(LEVELS, 0.3) / 1.4], rtol=1e-13)

    def test_gradient_of_the_levels_through_the_noise(self):
        """From x = 0 the end is a sum of weights of noises: its slope in σ_n, again by differences. Kills: σ_bar
        without ⟨μ, ε⟩, or with that of another level."""
        eps, h = np.array([[[0.3], [-1.2], [0.8], [2.1]]]), 1e-5

        def run(sigmas):
            x, v, slope = 0.0, 0.3, lambda s: s / (0.3 + s * s)
            for n, sigma in enumerate(sigmas):
                high = sigma * (1 + CHURN[n])
                x = x + np.sqrt(max(high**2 - sigma**2, 0.0)) * eps[0, n, 0]
                low = sigmas[n + 1] if n < 3 else 0.0
                x_e = x + (low - high) * slope(high) * x
                x = x + (low - high) * (slope(high) * x + slope(low) * x_e) / 2 if low else v * x / (v + high**2)
            return x

        zero = np.zeros((1, 1))
        end, pullback = edm_sampler.vjp(zero, eps, LEVELS, CHURN, 1.0, data(0.0, 0.3), denoiser=gaussian)
        np.testing.assert_allclose(end, [[run(LEVELS)]], rtol=1e-12)
        grads = pullback(np.ones((1, 1)))["sigmas"]
        for n, d in enumerate(h * np.eye(4)):
            np.testing.assert_allclose(grads[n], (run(LEVELS + d) - run(LEVELS - d)) / (2 * h), rtol=1e-6, atol=1e-9)

    def test_the_flow_with_order_two(self):
        """γ = 0, levels σ ∝ i^−1 between 4 and ½: the state at the last level is x √(v + σ²), before the denoiser takes
        the noise; the error falls fourfold. Kills: one slope that is asked elsewhere."""
        v, errors = 0.3, []
        for steps in (8, 16, 32):
            sigmas = 1 / np.linspace(1 / 4, 2, steps + 1)
            end = edm_sampler(np.ones((1, 1)), np.zeros((1, steps + 1, 1)), sigmas, 0 * sigmas, 1.0, data(0.0, v),
                              denoiser=gaussian)[0, 0]
            errors.append(end - v / (v + 0.25) * np.sqrt((v + 0.25) / (v + 16)))
        orders = np.log2(np.abs(np.array(errors[:-1]) / np.array(errors[1:])))
        np.testing.assert_allclose(orders, 2, atol=0.15)

    @pytest.mark.parametrize("gamma", [0.0, 1e-12, 0.2, 1.0])
    def test_what_is_added_raises_the_level(self, gamma):
        """One level and a denoiser that returns its input: from variance σ² to σ_hat². Kills: (σ_hat − σ)², γ² and 2γ
        alone, σ_hat² − σ² as a difference at small γ, D at another level."""
        theta = {"A": np.eye(1), "b": np.zeros(1)}
        end = edm_sampler(np.zeros((1, 1)), np.ones((1, 1, 1)), np.array([3.0]), np.array([gamma]), 1.0, theta,
                          denoiser="linear")
        np.testing.assert_allclose(end, [[3 * np.sqrt(gamma * (2 + gamma))]], rtol=1e-14)

    def test_levels_count_by_their_ratios_alone(self, rng):
        """A denoiser without σ, γ = 0: three times the levels changes nothing, so Σ σ_n σ_bar_n = 0. With churn, the
        noise grows with them. Kills: a level that is not differentiated wherever it stands."""
        x, eps, bar = rng.normal(size=(3, 2)), rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
        theta = {"A": rng.normal(size=(2, 2)) / 2, "b": rng.normal(size=2)}
        value, pullback = edm_sampler.vjp(x, eps, LEVELS, 0 * CHURN, 1.1, theta, denoiser="linear")
        again = edm_sampler(x, eps, 3 * LEVELS, 0 * CHURN, 1.1, theta, denoiser="linear")
        np.testing.assert_allclose(again, value, rtol=1e-12)
        weighted = LEVELS * pullback(bar)["sigmas"]
        np.testing.assert_allclose(np.sum(weighted), 0, atol=1e-12 * np.sum(np.abs(weighted)))
        value, pullback = edm_sampler.vjp(x, eps, LEVELS, CHURN, 1.1, theta, denoiser="linear")
        again = edm_sampler(x, eps / 3, 3 * LEVELS, CHURN, 1.1, theta, denoiser="linear")
        np.testing.assert_allclose(again, value, rtol=1e-12)
        assert np.all(np.abs(pullback(bar)["sigmas"]) > 1e-6)
