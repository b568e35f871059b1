"""Levels of noise: the ends of their range, powers of every size, and what a denoiser is multiplied with."""

import mpmath
import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.diffusion.edm_denoiser import edm_denoiser
from refdgm.diffusion.edm_preconditioning import edm_preconditioning
from refdgm.numerics.legs import legs
from refdgm.numerics.power_lerp import log_ratio, power_lerp

from ..refusal import refused
from .kernels import ends, exact, near
from .rows import answers, drawn, finite, kernel, row

LEVELS = ("edm_preconditioning",)
DENOISERS = ("edm_denoiser", "edm_loss")
LADDERS = ("karras_noise_levels", "geometric_noise_levels")


@kernel("(1 − w + w e^{−Λ/ρ})^ρ: ρ from the smallest number to the largest, ends that nearly agree", power_lerp)
def powers_between(dtype):
    most, tiny, least = ends(dtype)
    share = np.array([0, 0.125, 0.25, 0.5, 0.875], dtype)
    rest = 1 - share
    for logarithm in (2.0**-40, 0.5, 10, 80):
        for rho in (least, tiny, 0.02, 1, 7, 30, 400, 1e6, 1e30, most):
            logarithm, rho = np.asarray(logarithm, dtype), np.asarray(rho, dtype)
            with np.errstate(under="ignore"):
                got = power_lerp(share, rest, logarithm, rho)
            r, p = mp.mpf(float(logarithm)), mp.mpf(float(rho))
            with mpmath.workdps(60):  # nothing cancels
                want = [mp.exp(p * mp.log1p(w * mp.expm1(-r / p))) for w in exact(share)]
            # what is rounded before a power or an exponential is taken
            near(got, want, 4 + 2 * min(float(rho), 4 * float(logarithm)))
            assert got[0] == 1


@kernel("log(high / low): ends that agree but for one bit, and those of the range", log_ratio)
def ratios(dtype):
    most, tiny, least = ends(dtype)
    for high, low in ((1 + np.finfo(dtype).eps, 1), (1, 0.75), (80, 0.002), (1e-30, 1e-35), (most, 1), (most, least),
                      (1, least), (tiny, least), (most, most / 2), (2.0**50, 2.0**-50), (2.0**50, 2.0**-51)):
        high, low = np.asarray(high, dtype), np.asarray(low, dtype)
        a, b = mp.mpf(float(high)), mp.mpf(float(low))
        near(log_ratio(high, low)[None], [mp.log(a / b)], 4)


@row("levels of noise", "one level and ten thousand, ends of 1e±300, ends that agree to 15 digits, ρ from the smallest"
     " number to the largest; 0, ±∞ and NaN are refused", LADDERS, "it is no ladder of noise levels")
def ladders(ref):
    arguments, _, _ = drawn(ref)
    powers = (5e-324, 1e-30, 1.0, 7.0, 1e30, 1e308) if "rho" in arguments else (1.0,)
    for low, high in ((1e-150, 1e150), (1e-300, 1.0), (1.0, 1e300), (1.0, 1 + 1e-15), (5e-324, 1e-300)):
        for rho in powers:
            for steps in (1, 2, 3, 10000):
                at = arguments | {"sigma_min": np.asarray(low), "sigma_max": np.asarray(high)}
                at |= {"rho": np.asarray(rho)} if "rho" in arguments else {}
                got = answers(ref, at, {"steps": steps}, ())
                finite(got)
                levels = got["output.value"]
                assert levels[0] == high and (steps == 1 or levels[-1] == low) and np.all(levels >= low * (1 - 1e-11))
                assert np.all(levels[1:] <= levels[:-1] * (1 + 1e-11))
    for name in arguments:
        for bad in (0.0, -1.0, np.inf, np.nan):
            refused(ref, ArgumentError, f"{name} must be positive", *(arguments | {name: np.asarray(bad)}).values(),
                    steps=3)


@kernel("x/√(x² + y²), y/√(x² + y²) and √(x² + y²): squares beyond both ends of the range, equal legs", legs)
def triangles(dtype):
    most, tiny, _ = ends(dtype)
    x = np.array([3, 1, most / 2, tiny, most / 2, tiny, 1e-30, most / 4, 1, 5], dtype)
    y = np.array([4, 1, most / 2, tiny, 1, 3 * tiny, 1e30, most / 2, 1e-9, 12], dtype)
    with np.errstate(under="ignore"):
        got = legs(x, y)
    r = [mp.sqrt(a * a + b * b) for a, b in zip(exact(x), exact(y), strict=True)]
    for found, leg in zip(got, (x, y), strict=False):
        near(found, [one / each for one, each in zip(exact(leg), r, strict=True)], 3)
    near(got[2], r, 3)
    for power in (2.0**60, 2.0**-60):
        scaled = legs(np.asarray(power, dtype) * x[:2], np.asarray(power, dtype) * y[:2])
        for found, plain, by in zip(scaled, legs(x[:2], y[:2]), (1, 1, power), strict=True):
            np.testing.assert_array_equal(found, plain * np.asarray(by, dtype))


@row("a denoiser's coefficients", "σ and σ_d of 1e±200, each and both; 0, ±∞ and NaN are refused", LEVELS,
     "it has no data beside the noise")
def coefficients(ref):
    arguments, options, bars = drawn(ref)
    bars = [abs(bar) for bar in bars]  # a sum of infinities of one sign
    for sigma in (1e-200, 1e-30, 1.0, 1e30, 1e200):
        for data in (1e-200, 1e-30, 1.0, 1e30, 1e200):
            at = arguments | {"sigma": np.full(5, sigma), "sigma_data": np.asarray(data)}
            with np.errstate(over="ignore"):  # 1/r² of 1e-200 is beyond the range
                got = answers(ref, at, options, bars)
            assert not any(np.isnan(x).any() for x in got.values())
            if min(sigma, data) > 1e-100:
                finite(got)
    for sigma, data in ((1e200, 1e-150), (1e-200, 1e150), (1e-200, 1e-200), (1e200, 1e200)):
        skip, out, inward, noise = edm_preconditioning(np.full(2, sigma), data)
        r = mp.sqrt(mp.mpf(sigma) ** 2 + mp.mpf(data) ** 2)
        np.testing.assert_allclose(out, float(mp.mpf(sigma) * data / r), rtol=1e-15)
        np.testing.assert_allclose(inward, float(1 / r), rtol=1e-15)
        np.testing.assert_allclose(skip, float((data / r) ** 2), rtol=1e-15)
        np.testing.assert_allclose(noise, float(mp.log(sigma) / 4), rtol=1e-15)
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "sigma must be positive", *(arguments | {"sigma": np.full(5, bad)}).values())
        refused(ref, ArgumentError, "sigma_data must be positive",
                *(arguments | {"sigma_data": np.asarray(bad)}).values())


@row("noise beside data", "σ and σ_d of 1e±200, each and both: a point of no noise, and one of nothing else; 0, ±∞ and"
     " NaN are refused", DENOISERS, "it has no noised point of given data")
def far_apart(ref):
    arguments, options, bars = drawn(ref)
    for sigma in (1e-200, 1e-30, 1.0, 1e30, 1e200):
        for data in (1e-200, 1e-30, 1.0, 1e30, 1e200):
            at = arguments | {"sigma": np.full(5, sigma), "sigma_data": np.asarray(data)}
            with np.errstate(over="ignore"):  # a square of x₀/σ_d
                got = answers(ref, at, options, bars)
            assert not any(np.isnan(x).any() for x in got.values())
            if ref.name == "edm_denoiser" or data > 1e-100:
                finite(got)
    for sigma, data in ((1e200, 1e-150), (1e-200, 1e150), (1e-150, 1e200), (1e150, 1e-200)):
        got = edm_denoiser(np.zeros((2, 3)), np.ones((2, 3)), np.full(2, sigma), data)
        np.testing.assert_allclose(got, min(sigma, data), rtol=1e-15)
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "sigma must be positive", *(arguments | {"sigma": np.full(5, bad)}).values())
        refused(ref, ArgumentError, "sigma_data must be positive",
                *(arguments | {"sigma_data": np.asarray(bad)}).values())
