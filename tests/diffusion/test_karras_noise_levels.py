"""Levels of noise, of which a power or the logarithm falls by equal amounts."""

import mpmath
import numpy as np
import pytest
from mpmath import mp

from refdgm import ArgumentError
from refdgm.diffusion.karras_noise_levels import geometric_noise_levels, karras_noise_levels

from ..kit import verify
from ..refusal import refused

TestKarrasNoiseLevels = verify(karras_noise_levels)
TestGeometricNoiseLevels = verify(geometric_noise_levels)

ENDS = [(0.002, 80.0), (0.01, 50.0), (0.3, 0.31)]


def exact(low, high, rho, steps):
    """(1) with so many digits that none are missed."""
    with mpmath.workdps(60):
        low, high, rho = mp.mpf(low), mp.mpf(high), mp.mpf(rho)
        roots = [(high ** (1 / rho) * (steps - 1 - i) + low ** (1 / rho) * i) / (steps - 1) for i in range(steps)]
        return np.array([float(root**rho) for root in roots])


class TestPowers:
    @pytest.mark.parametrize(("low", "high"), ENDS)
    @pytest.mark.parametrize("rho", [0.5, 1.0, 3.0, 7.0, 1e4])
    def test_the_ends_are_met_and_roots_fall_evenly(self, low, high, rho):
        """Kills: ends exchanged, N for N − 1, a zero among the levels, an end twice, ρ for 1/ρ, roots returned."""
        levels = karras_noise_levels(low, high, rho, steps=9)
        assert levels.shape == (9,) and levels[0] == high and levels[-1] == low
        roots = levels ** (1 / rho)
        np.testing.assert_allclose(np.diff(roots), (low ** (1 / rho) - high ** (1 / rho)) / 8, rtol=1e-9)

    def test_the_published_ladder(self):
        """18 levels from 80 to 0.002 at ρ = 7; the second is (80^{1/7} (16/17) + 0.002^{1/7}/17)⁷. Kills: another ρ."""
        levels = karras_noise_levels(0.002, 80.0, 7.0, steps=18)
        np.testing.assert_allclose(levels[1], (80 ** (1 / 7) * 16 / 17 + 0.002 ** (1 / 7) / 17) ** 7, rtol=1e-13)
        np.testing.assert_allclose(levels[[1, 2, 9]], [57.58598, 40.78557, 1.92334], rtol=2e-7)

    def test_equal_steps(self):
        """ρ = 1. Kills: a root taken at ρ = 1, the geometric ladder."""
        np.testing.assert_allclose(karras_noise_levels(1.0, 9.0, 1.0, steps=5), [9, 7, 5, 3, 1], rtol=1e-15)

    def test_squares(self):
        """ρ = 2 between 1 and 81: the squares of 9, 7, 5, 3, 1."""
        np.testing.assert_allclose(karras_noise_levels(1.0, 81.0, 2.0, steps=5), [81, 49, 25, 9, 1], rtol=1e-15)

    def test_a_large_power_is_geometric(self):
        """log σ_i = w log σ_min + (1 − w) log σ_max + w(1 − w) Λ²/(2ρ) + …, with all digits at ρ = 10⁹. Kills: the
        power of a bracket that has rounded to one."""
        low, high, w = 0.002, 80.0, np.arange(6) / 5
        log_ratio = np.log(high / low)
        for rho in (1e6, 1e9):
            got = np.log(karras_noise_levels(low, high, rho, steps=6))
            want = w * np.log(low) + (1 - w) * np.log(high) + w * (1 - w) * log_ratio**2 / (2 * rho)
            np.testing.assert_allclose(got, want, atol=log_ratio**3 / rho**2 + 1e-14)

    @pytest.mark.parametrize(("dtype", "ulps"), [("float64", 16), ("float32", 24)])
    def test_every_level_has_its_digits(self, dtype, ulps):
        """Roots of 0.002^{1/0.02} underflow, brackets of a large ρ round to one; neither is formed. Kills: both."""
        eps = np.finfo(dtype).eps
        for rho in (0.02, 0.5, 1.0, 7.0, 40.0, 1e3, 1e5):
            low, high, power = (np.asarray(x, dtype) for x in (0.002, 80.0, rho))
            got = karras_noise_levels(low, high, power, steps=19)
            assert got.dtype == dtype
            np.testing.assert_allclose(got, exact(float(low), float(high), float(power), 19), rtol=ulps * eps)


class TestFactors:
    @pytest.mark.parametrize(("low", "high"), ENDS)
    def test_the_ends_are_met_by_equal_factors(self, low, high):
        """Kills: variances, N for N − 1, the root of the factor, equal steps, a ladder that rises."""
        levels = geometric_noise_levels(low, high, steps=9)
        assert levels.shape == (9,) and levels[0] == high and levels[-1] == low
        np.testing.assert_allclose(levels[1:] / levels[:-1], (low / high) ** (1 / 8), rtol=1e-13)

    def test_halves(self):
        np.testing.assert_allclose(geometric_noise_levels(0.125, 4.0, steps=6), [4, 2, 1, 0.5, 0.25, 0.125], rtol=1e-15)

    def test_both_ends_of_the_range(self):
        """Kills: σ_min/σ_max, which underflows."""
        got = geometric_noise_levels(2.0**-1000, 2.0**1000, steps=5)
        np.testing.assert_allclose(got, 2.0 ** np.array([1000, 500, 0, -500, -1000]), rtol=1e-13)


def test_one_level():
    """The first end."""
    np.testing.assert_array_equal(karras_noise_levels(0.125, 2.0, 7.0, steps=1), [2.0])
    np.testing.assert_array_equal(geometric_noise_levels(0.125, 2.0, steps=1), [2.0])


def test_ends_the_other_way_round_are_refused():
    said = "sigma_max must be above sigma_min, got 0.002 for 80.0; exchange them or choose another number"
    refused(karras_noise_levels, ArgumentError, said, 80.0, 0.002, 7.0, steps=5)
    refused(geometric_noise_levels, ArgumentError, said, 80.0, 0.002, steps=5)


def test_a_level_of_zero_is_refused():
    said = "sigma_min must be positive and finite, got 0.0; the level of zero that samplers append is not among"
    refused(karras_noise_levels, ArgumentError, said, 0.0, 80.0, 7.0, steps=5)
