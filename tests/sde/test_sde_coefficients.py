"""Drift and diffusion of the processes from data to noise."""

import numpy as np
import pytest

from refdgm import ArgumentError
from refdgm.sde.sde_coefficients import sde_coefficients

from ..kit import verify
from ..refusal import refused

TestSdeCoefficients = verify(sde_coefficients)

T = np.array([1e-4, 0.1, 0.3, 0.7, 1.0])
ENDS = {"vp": (0.1, 20.0), "sub_vp": (0.1, 20.0), "ve": (0.01, 50.0)}
processes = pytest.mark.parametrize("process", ENDS)


def kept_and_variance(t, low, high, process):
    """How a point at time 0 is scaled until t, and the variance that it is given; t may be complex."""
    total = low * t + (high - low) * t**2 / 2
    return {
        "vp": (np.exp(-total / 2), -np.expm1(-total)),
        "sub_vp": (np.exp(-total / 2), np.expm1(-total) ** 2),
        "ve": (1 + 0 * t, low**2 * np.expm1(2 * t * np.log(high / low))),
    }[process]


def rate(f, x):
    """The derivative at a real number, without differences: f(x + ih) = f(x) + ih f'(x)."""
    return np.imag(f(x + 1e-30j)) / 1e-30


class TestLaws:
    @processes
    def test_the_moments_move_as_the_equation_says(self, process):
        """dm/dt = a m and dv/dt = 2 a v + g², for the closed forms of both. Kills: ½ left out, g² for g, √Λ and 1 for
        √(2Λ), e^{−B} for e^{−2B}, t β for B, a sign, exchanged ends."""
        low, high = ENDS[process]
        slope, g = sde_coefficients(T, low, high, process=process)
        moments = [np.array([rate(lambda t, i=i: kept_and_variance(t, low, high, process)[i], t) for t in T])
                   for i in (0, 1)]
        kept, variance = kept_and_variance(T, low, high, process)
        np.testing.assert_allclose(slope * kept, moments[0], rtol=1e-13)
        np.testing.assert_allclose(g**2, moments[1] - 2 * slope * variance, rtol=1e-12)

    def test_all_the_noise_of_ve_is_that_of_its_end(self):
        """∫ g² dt = σ²(1) − σ²(0), by Gauss and Legendre. Kills: every other factor of σ."""
        nodes, weights = np.polynomial.legendre.leggauss(40)
        g = sde_coefficients((nodes + 1) / 2, 0.01, 50.0, process="ve")[1]
        np.testing.assert_allclose(np.sum(weights * g**2) / 2, 2500 - 1e-4, rtol=1e-12)

    def test_less_noise_below(self):
        """sub_vp has the drift of vp and less noise, as much at last. Kills: k with the other sign, for g² > β."""
        (slope, g), (slope_sub, g_sub) = (sde_coefficients(T, 0.1, 20.0, process=p) for p in ("vp", "sub_vp"))
        np.testing.assert_array_equal(slope, slope_sub)
        assert np.all(g_sub <= g) and g_sub[0] < g[0] / 100 and g_sub[-1] == pytest.approx(g[-1], rel=1e-8)

    @processes
    def test_gradients_by_homogeneity(self, process):
        """Euler: a and, for ve, g have degree one in low and high together; for vp g has degree ½. Kills: the gradient
        of low or high without that of Λ, without that of the drift, a mean for a sum."""
        low, high = ENDS[process]
        (slope, g), pullback = sde_coefficients.vjp(T, low, high, process=process)
        ones, none = np.ones(5), np.zeros(5)
        if process != "sub_vp":
            of_g = pullback(none, ones)
            degree = 1.0 if process == "ve" else 0.5
            np.testing.assert_allclose(low * of_g["low"] + high * of_g["high"], degree * g.sum(), rtol=1e-12)
        of_slope = pullback(ones, none)
        np.testing.assert_allclose(low * of_slope["low"] + high * of_slope["high"], slope.sum(), rtol=1e-12)

    @processes
    def test_the_gradient_of_time_is_that_of_the_moments(self, process):
        """g = √(dv/dt − 2av), once more differentiated, by differences. Kills: t_bar of sub_vp without that of B."""
        low, high = ENDS[process]
        inner = T[1:-1]

        def noise(t):
            kept, variance = kept_and_variance(t, low, high, process)
            moved = np.array([rate(lambda u: kept_and_variance(u, low, high, process)[1], one) for one in t])
            shrinks = np.array([rate(lambda u: kept_and_variance(u, low, high, process)[0], one) for one in t]) / kept
            return np.sqrt(moved - 2 * shrinks * variance)

        got = sde_coefficients.vjp(inner, low, high, process=process)[1](np.zeros(3), np.ones(3))["t"]
        h = 1e-4
        want = (8 * (noise(inner + h) - noise(inner - h)) - (noise(inner + 2 * h) - noise(inner - 2 * h))) / (12 * h)
        np.testing.assert_allclose(got, want, rtol=1e-8)


def test_float32_early():
    """1 − e^{−2B} as a difference would be zero or a rounding of one."""
    early = np.array([1e-7, 1e-6], np.float32)
    low, high = np.float32(0.1), np.float32(20)
    got = sde_coefficients(early, low, high, process="sub_vp")[1]
    want = sde_coefficients(early.astype(float), float(low), float(high), process="sub_vp")[1]
    np.testing.assert_allclose(got, want, rtol=3e-7)


def test_high_is_above_low():
    """In one sentence for numbers and arrays; equal ones are refused too, and what is equal in float32."""
    said = "high must be above low, got 1.0 for 2.0; exchange them or choose another number"
    for low, high in ((2.0, 1.0), (np.asarray(2.0), np.asarray(1.0))):
        assert refused(sde_coefficients, ArgumentError, said, T, low, high, process="ve")
    refused(sde_coefficients, ArgumentError, "high must be above low, got 1.0 for 1.0; ", T, 1.0, 1.0, process="vp")
    single = T.astype(np.float32)
    refused(sde_coefficients, ArgumentError, "high must be above low, got 1.00", single, 1.0, 1 + 1e-9, process="vp")


@pytest.mark.parametrize(("word", "said"), [
    ("ddpm", "linear_schedule"), ("cosine", "cosine_schedule"), ("edm", "√(2t)"),
])
def test_other_processes_are_refused(word, said):
    with pytest.raises(ArgumentError, match=word) as error:
        sde_coefficients(T, 0.1, 20.0, process=word)
    assert said in str(error.value)
