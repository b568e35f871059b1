"""The coefficients of the EDM preconditioning, and the principles that they follow from."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.diffusion.edm_preconditioning import edm_preconditioning

from ..kit import verify
from ..refusal import refused

TestEdmPreconditioning = verify(edm_preconditioning)

SIGMA = np.array([1e-6, 0.002, 0.3, 0.5, 1.0, 7.0, 80.0])
SIGNS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])  # of data and noise: all moments of a quadratic


def noised(data):
    """(x0, ε, x) at every level: the second moments of data of variance σ_d², and of noise, exactly."""
    x0, eps = data * SIGNS[:, :1], SIGNS[:, 1:]
    return x0, eps, x0 + SIGMA * eps


class TestPrinciples:
    @pytest.mark.parametrize("data", [0.5, 1.0, 16.0])
    def test_the_input_has_unit_variance(self, data):
        """E (c_in x)² = 1. Kills: the root lost, deviations added, another σ_d, c_in that looks at one of both."""
        _, _, x = noised(data)
        inward = edm_preconditioning(SIGMA, data).inward
        np.testing.assert_allclose(np.mean((inward * x) ** 2, axis=0), 1, rtol=1e-14)

    @pytest.mark.parametrize("data", [0.5, 1.0, 16.0])
    def test_the_target_has_unit_variance(self, data):
        """E ((x₀ − c_skip x)/c_out)² = 1; x₀ − c_skip x is taken as (1 − c_skip) x₀ − c_skip σ ε. Kills: c_out without
        its root, a c_skip that does not belong to it, another σ_d in one of them."""
        x0, eps, _ = noised(data)
        skip, out, _, _ = edm_preconditioning(SIGMA, data)
        rest = SIGMA**2 / (SIGMA**2 + data**2)
        np.testing.assert_allclose(skip + rest, 1, rtol=1e-15)
        np.testing.assert_allclose(np.mean(((rest * x0 - skip * SIGMA * eps) / out) ** 2, axis=0), 1, rtol=1e-14)

    def test_errors_are_amplified_least(self):
        """Of all weights k of x the c_out that makes the target's variance one, √E(x₀ − k x)², is least at c_skip, and
        there it is c_out. Kills: any other pair, of which the target may have unit variance too."""
        x0, _, x = noised(0.5)
        skip, out, _, _ = edm_preconditioning(SIGMA, 0.5)
        amplified = lambda k: np.sqrt(np.mean((x0 - k * x) ** 2, axis=0))
        np.testing.assert_allclose(amplified(skip)[1:], out[1:], rtol=1e-11)
        for by in (1e-2, -1e-2):
            assert np.all(amplified(skip + by) > out)

    def test_skip_is_the_regression_of_the_data(self):
        """E x₀x / E x². Kills: the share of the noise, deviations for variances."""
        x0, _, x = noised(0.5)
        skip = edm_preconditioning(SIGMA, 0.5).skip
        np.testing.assert_allclose(skip, np.mean(x0 * x, axis=0) / np.mean(x * x, axis=0), rtol=1e-13)

    def test_far_below_and_far_above_the_data(self):
        """σ → 0: x itself, corrected by σ F; σ → ∞: σ_d F alone."""
        low, high = edm_preconditioning(1e-9 * np.ones(2), 0.5), edm_preconditioning(1e9 * np.ones(2), 0.5)
        np.testing.assert_allclose([*low[:3]], np.array([[1], [1e-9], [2]]) * np.ones(2), rtol=1e-15)
        np.testing.assert_allclose([*high[:3]], np.array([[0.25e-18], [0.5], [1e-9]]) * np.ones(2), rtol=1e-15)


class TestNumbers:
    def test_at_a_triangle(self):
        """σ = 3, σ_d = 4, r = 5, all by hand. Kills: every single factor, sign and power, in values and gradients."""
        sigma = np.array([3.0, 3.0, 3.0, 3.0])
        values, pullback = edm_preconditioning.vjp(sigma, 4.0)
        np.testing.assert_allclose([x[0] for x in values], [16 / 25, 12 / 5, 1 / 5, np.log(3) / 4], rtol=1e-15)
        bars = np.eye(4)
        np.testing.assert_allclose(pullback(*bars)["sigma"], [-96 / 625, 64 / 125, -3 / 125, 1 / 12], rtol=1e-14)
        for bar, want in zip(bars, (0, 0, 0, 0), strict=True):
            assert pullback(noise_bar=bar)["sigma_data"] == want
        for name, want in (("skip", 72 / 625), ("out", 27 / 125), ("inward", -4 / 125)):
            got = pullback(**{f"{name}_bar": np.array([1.0, 1.0, 0.0, 0.0])})["sigma_data"]
            np.testing.assert_allclose(got, 2 * want, rtol=1e-14)

    def test_gradients_by_homogeneity(self):
        """Euler: c_skip, c_out, c_in have the degrees 0, 1, −1 in σ and σ_d together, and σ ∂c_noise/∂σ = ¼. Kills:
        σ held in one place, σ_d held in one place."""
        sigma, ones = np.array([0.002, 0.3, 0.9, 40.0]), np.ones(4)
        values, pullback = edm_preconditioning.vjp(sigma, 0.5)
        for name, degree in (("skip", 0), ("out", 1), ("inward", -1)):
            grads = pullback(**{f"{name}_bar": ones})
            got = np.sum(sigma * grads["sigma"]) + 0.5 * grads["sigma_data"]
            np.testing.assert_allclose(got, degree * np.sum(getattr(values, name)), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(sigma * pullback(noise_bar=ones)["sigma"], 0.25, rtol=1e-15)

    @pytest.mark.parametrize("power", [-600, -30, 30, 600])
    def test_it_scales_exactly(self, power):
        """σ and σ_d times 2ᵏ: c_skip stays, c_out takes the factor, c_in loses it. Kills: squares of what may
        be 1e±180."""
        sigma = np.array([0.3, 0.7, 5.1])
        plain, scaled = edm_preconditioning(sigma, 0.5), edm_preconditioning(sigma * 2.0**power, 0.5 * 2.0**power)
        np.testing.assert_array_equal(scaled.skip, plain.skip)
        np.testing.assert_array_equal(scaled.out, plain.out * 2.0**power)
        np.testing.assert_array_equal(scaled.inward, plain.inward * 2.0**-power)

    def test_float32_keeps_its_digits(self):
        sigma = np.array([1e-30, 0.002, 0.5, 80.0, 1e30], np.float32)
        got = edm_preconditioning(sigma, np.float32(0.5))
        want = edm_preconditioning(sigma.astype(float), 0.5)
        for name in ("out", "inward", "noise"):
            np.testing.assert_allclose(getattr(got, name), getattr(want, name), rtol=4e-7)
        np.testing.assert_allclose(got.skip[:4], want.skip[:4], rtol=6e-7)


def test_no_noise_is_refused():
    said = "sigma must be positive and finite, got 0.0 at [1]; without noise the denoised is x itself"
    refused(edm_preconditioning, ArgumentError, said, np.array([1.0, 0.0]), 0.5)
    refused(edm_preconditioning, ArgumentError, "sigma_data must be positive and finite, got 0.0", np.ones(2), 0.0)
