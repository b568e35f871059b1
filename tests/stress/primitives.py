"""Gaussians: variances that saturate, divergences that vanish."""

import numpy as np
import pytest

from refdgm import ArgumentError

from ..refusal import refused
from .rows import drawn, row

GAUSSIANS = ("gaussian_kl", "gaussian_kl_between")
DENSITY = ("gaussian_log_density",)
NO_VARIANCE, NO_DIVERGENCE, NO_DENSITY = "it has no variance", "it is no divergence", "it is no log-density"


@row("saturated variances", "log σ² of ±700; ±1e4 is +∞ by range, with the sign of the gradient right",
     GAUSSIANS, NO_DIVERGENCE)
def saturated_variances(ref):
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    for logvar in (700.0, -700.0, 1e4, -1e4):
        λ = np.full((1, 1), logvar)
        args = (one, λ) if ref.name == "gaussian_kl" else (one, λ, zero, zero)
        with np.errstate(over="raise" if abs(logvar) < 1000 else "ignore"):  # beyond the range NumPy rightly warns
            value, pullback = ref.vjp(*args)
            grads = pullback(np.ones(1))
        slope = grads[ref.wrt[1]][0, 0]
        want = np.inf if logvar > 1000 else pytest.approx(max(np.exp(min(logvar, 709)), -logvar) / 2, rel=1e-2)
        assert value[0] == want
        assert slope > 1e300 if logvar > 0 else slope == -0.5
    if ref.name == "gaussian_kl_between":
        with np.errstate(over="ignore"):
            value, pullback = ref.vjp(one, zero, zero, np.full((1, 1), -1e4))
            grads = pullback(np.ones(1))
        assert value == np.inf == grads["mean_q"] == -grads["mean_p"] == -grads["logvar_p"]


@row("impossible variances", "log σ² of ±∞ is no Gaussian", (*GAUSSIANS, *DENSITY), NO_VARIANCE)
def impossible_variances(ref):
    arguments, _, _ = drawn(ref)
    for name in (n for n in ref.arrays if n.startswith("logvar")):
        for infinity in (np.inf, -np.inf):
            λ = arguments[name].copy()
            λ[1, 2] = infinity
            refused(ref, ArgumentError, f"{name} must be finite, got", *(arguments | {name: λ}).values())


@row("equal Gaussians", "the divergence and its gradient are exactly zero, at every variance", GAUSSIANS, NO_DIVERGENCE)
def equal_gaussians(ref):
    rng = np.random.default_rng(0)
    for scale in (0.0, 1.0, 700.0, 1e4, 1e300):
        mean, logvar = rng.normal(size=(4, 3)), scale * rng.normal(size=(4, 3))
        args = (0 * mean, 0 * logvar) if ref.name == "gaussian_kl" else (mean, logvar, mean.copy(), logvar.copy())
        value, pullback = ref.vjp(*args)
        assert (value == 0).all() and all((grad == 0).all() for grad in pullback(rng.normal(size=4)).values())


@row("nearly equal Gaussians", "2⁻³⁰ apart: all digits", GAUSSIANS, NO_DIVERGENCE)
def nearly_equal_gaussians(ref):
    δ, zero = np.full((1, 1), 2.0**-30), np.zeros((1, 1))
    args = (zero, δ) if ref.name == "gaussian_kl" else (zero, δ, zero, zero)
    want = (2.0**-60 / 2 + 2.0**-90 / 6) / 2  # the next term is below the last digit
    assert ref(*args)[0] == pytest.approx(want, rel=4e-16)


@row("wide means", "μ² of the order of the largest number", (*GAUSSIANS, *DENSITY), NO_VARIANCE)
def wide_means(ref):
    arguments = {name: np.zeros((1, 1)) for name in ref.arrays} | {ref.wrt[0]: np.full((1, 1), 1.8e154)}
    value = ref(**arguments)
    sign = -1 if ref.name in DENSITY else 1
    assert value[0] == pytest.approx(sign * 1.62e308, rel=1e-14)  # μ² overflows, μ²/2 does not


@row("densities of every scale", "σ from 1e-300 to 1e300 (1e-37 to 1e37 in float32), x within a few σ, or at the mean",
     DENSITY, NO_DENSITY)
def every_scale(ref):
    for dtype, most in ((np.float64, 300), (np.float32, 37)):
        eps = np.finfo(dtype).eps
        for power in (-most, -most / 2, 0, most / 2, most):
            sigma = np.asarray([[10.0**power]], dtype)
            λ = 2 * np.log(sigma)
            zero, one = np.zeros((1, 1), dtype), np.ones(1, dtype)
            plain = -np.asarray(power * np.log(10) + np.log(2 * np.pi) / 2, dtype)
            for steps in (0, 1, 3):
                value, pullback = ref.vjp(steps * sigma, zero, λ)
                grads = pullback(one)
                reach = 4 * eps * (1 + abs(λ[0, 0]))  # what rounding λ costs
                np.testing.assert_allclose(value, plain - steps**2 / 2, rtol=4 * eps, atol=steps**2 * reach)
                np.testing.assert_allclose(grads["x"] * sigma, [[-steps]], rtol=reach)
                np.testing.assert_allclose(grads["logvar"], [[(steps**2 - 1) / 2]], atol=(steps**2 + 1) * reach)


@row("saturated densities", "log σ² of ±1e4: finite at the mean; elsewhere −∞ by range, slopes with the right sign",
     DENSITY, NO_DENSITY)
def saturated_densities(ref):
    zero, apart, bar = np.zeros((1, 1)), np.array([[-2.0]]), np.ones(1)
    for logvar in (1e4, -1e4):
        λ = np.full((1, 1), logvar)
        value, pullback = ref.vjp(apart, apart.copy(), λ)
        grads = pullback(bar)
        assert value[0] == pytest.approx(-logvar / 2, rel=1e-3)
        assert grads["x"] == 0 == grads["mean"] and grads["logvar"] == -0.5
    value, pullback = ref.vjp(apart, zero, np.full((1, 1), 1e4))
    assert value[0] == pytest.approx(-5e3, rel=1e-3) and pullback(bar)["logvar"] == -0.5
    with np.errstate(over="ignore"):  # beyond the range NumPy rightly warns
        value, pullback = ref.vjp(apart, zero, np.full((1, 1), -1e4))
        grads = pullback(bar)
    assert value == -np.inf and grads["x"] == np.inf == -grads["mean"] == grads["logvar"]
