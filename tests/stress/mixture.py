"""Gaussian mixtures: tails, vanishing covariances, little noise and much, impossible components."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row, same

DENSITY = ("gaussian_mixture_log_density",)
SLOPES = ("gaussian_mixture_score", "gaussian_mixture_hessian")
POSTERIOR = ("gaussian_mixture_denoiser", "gaussian_mixture_posterior_covariance")
MIXTURES = (*DENSITY, *SLOPES, *POSTERIOR)
NO_MIXTURE = "it has no components"


def two_in_line(dtype, small=1.0):
    """Components of variance 1 and 4 on the line, a = 1, σ = `small`; the wider one wins in both tails."""
    return (np.zeros(2, dtype), np.asarray([[1.0], [-1.0]], dtype), np.asarray([[[1.0]], [[2.0]]], dtype),
            np.asarray(1.0, dtype), np.asarray(small, dtype))


@row("tails of a mixture", "x to 1e10, 1e150 and 1e300: the widest component alone, never NaN", MIXTURES, NO_MIXTURE)
def tails(ref):
    for dtype, far in ((np.float64, (1e4, 1e10, 1e150, 1e300)), (np.float32, (1e3, 1e10, 1e18, 1e37))):
        for x in far:
            point = np.asarray([[x], [-x]], dtype)
            bar = np.ones((2, 1) if ref.name not in DENSITY else 2, dtype)
            with np.errstate(over="ignore"):  # x²/10 is beyond the largest number for some of them
                value, pullback = ref.vjp(point, *two_in_line(dtype)) if ref.differentiable else (
                    ref(point, *two_in_line(dtype)), None)
            tolerance = {"rtol": 1e-3 if x < 1e5 else 1e-5}
            if ref.name in DENSITY:
                with np.errstate(over="ignore"):
                    want = -((point[:, 0] + 1) / 10) * (point[:, 0] + 1)
                np.testing.assert_allclose(value, want, **tolerance)
                np.testing.assert_allclose(pullback(bar)["x"], -point / 5, **tolerance)
            elif ref.name in SLOPES:
                want = -point / 5 if pullback else np.full((2, 1, 1), -1 / 5)
                np.testing.assert_allclose(value, want, **tolerance)
            else:
                want = 4 * point / 5 if pullback else np.full((2, 1, 1), 4 / 5)
                np.testing.assert_allclose(value, want, **tolerance)
            if pullback and ref.name not in DENSITY:
                np.testing.assert_allclose(pullback(bar)["x"], -0.2 if ref.name in SLOPES else 0.8, **tolerance)


@row("noise of a mixture", "σ from 1e-30 to 1e30 in both dtypes, 1e±150 in float64; σ ≤ 0 is refused", MIXTURES,
     NO_MIXTURE)
def noise_of_a_mixture(ref):
    for dtype, sigmas in ((np.float64, (1e-150, 1e-30, 1.0, 1e30, 1e150)), (np.float32, (1e-30, 1e-8, 1e8, 1e30))):
        for sigma in sigmas:
            arguments, options, bars = drawn(ref, dtype=np.dtype(dtype).name)
            got = answers(ref, arguments | {"sigma": np.asarray(sigma, dtype)}, options, bars)
            finite(got)
            if sigma >= 1e8 and ref.name in SLOPES:
                assert all(np.max(np.abs(x)) <= 100 / sigma for x in got.values())
            if sigma >= 1e18 and ref.name in POSTERIOR:  # the prior's mean and covariance
                weight = np.exp(arguments["logits"]) / np.sum(np.exp(arguments["logits"]))
                mean, factors = weight @ arguments["means"], arguments["factors"]
                off = arguments["means"] - mean
                spread = factors @ np.swapaxes(factors, 1, 2) + off[:, :, None] * off[:, None, :]
                want = mean if ref.differentiable else np.tensordot(weight, spread, axes=1)
                np.testing.assert_allclose(got["output.value"], np.broadcast_to(want, got["output.value"].shape),
                                           rtol=1e-4, atol=1e-5)
    for sigma in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "sigma must be positive and finite", *(arguments | {"sigma": sigma}).values())


@row("points for components", "F = 0 and rank one, σ of 1e-30: the nearest point, its weight one", POSTERIOR,
     NO_MIXTURE + " with a posterior")
def points_for_components(ref):
    for dtype in (np.float64, np.float32):
        arguments, options, bars = drawn(ref, dtype=np.dtype(dtype).name)
        arguments |= {"factors": np.zeros_like(arguments["factors"]), "sigma": np.asarray(1e-30, dtype)}
        got = answers(ref, arguments, options, bars)
        finite(got)
        apart = arguments["a"] * arguments["means"] - arguments["x"][:, None]
        nearest = arguments["means"][np.argmin(np.sum(apart**2, axis=2), axis=1)]
        want = nearest if ref.differentiable else np.zeros((5, 3, 3))
        np.testing.assert_allclose(got["output.value"], want, rtol=4 * np.finfo(dtype).eps)
        flat = arguments["factors"].copy()
        flat[:, :, 0] = 1
        finite(answers(ref, arguments | {"factors": flat}, options, bars))


@row("impossible components", "logits of −∞ are as if left out; all of them are refused", MIXTURES, NO_MIXTURE)
def impossible_components(ref):
    arguments, options, bars = drawn(ref)
    logits = arguments["logits"].copy()
    logits[[1, 4]] = -np.inf
    got = answers(ref, arguments | {"logits": logits}, options, bars)
    finite(got)
    kept = [0, 2, 3, 5, 6]
    left = {n: x[kept] if n in ("logits", "means", "factors") else x for n, x in arguments.items()}
    same(got, answers(ref, left, options, bars), rtol=1e-12, atol=1e-13)
    spoiled = arguments | {"logits": np.full(7, -np.inf)}
    said = refused(ref, ArgumentError, "logits must ", *spoiled.values())
    assert "must have a finite entry, got only −∞; make" in said


@row("weights of a mixture", "logits of ±1e4 and 1e300, equal components, one component twice", MIXTURES, NO_MIXTURE)
def weights_of_a_mixture(ref):
    arguments, options, bars = drawn(ref)
    for size in (1e4, 1e300):
        finite(answers(ref, arguments | {"logits": arguments["logits"] * size}, options, bars))
    one = {n: x[:1] if n in ("logits", "means", "factors") else x for n, x in arguments.items()}
    twice = {n: np.concatenate([x, x]) if n in ("logits", "means", "factors") else x for n, x in one.items()}
    same(answers(ref, twice, options, bars), answers(ref, one, options, bars), rtol=1e-12, atol=1e-13)


@row("a narrow component among wide ones", "a point far away at σ from 1e-17 to 1e-200 is as if left out", MIXTURES,
     NO_MIXTURE)
def narrow_component(ref):
    for dtype, sigmas in ((np.float32, (1e-17, 1e-30)), (np.float64, (1e-100, 1e-160, 1e-200))):
        for sigma in sigmas:
            arguments, options, bars = drawn(ref, dtype=np.dtype(dtype).name)
            arguments["factors"] = np.eye(3, dtype=dtype) + arguments["factors"] / 4
            arguments["factors"][0] = 0
            arguments |= {"a": np.asarray(0.75, dtype), "sigma": np.asarray(sigma, dtype)}
            got = answers(ref, arguments, options, bars)
            finite(got)
            left = {n: x[1:] if n in ("logits", "means", "factors") else x for n, x in arguments.items()}
            want = answers(ref, left, options, bars)
            if ref.name in DENSITY:
                weight = np.exp(arguments["logits"])
                want["output.value"] = want["output.value"] + np.log(1 - weight[0] / np.sum(weight))
            digits = 64 * np.finfo(dtype).eps
            for name, x in got.items():
                np.testing.assert_allclose(x, want[name], rtol=digits, atol=digits * np.max(np.abs(want[name])))
