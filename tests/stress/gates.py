"""Numbers that gate themselves, and capped ones."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.normal_tail import normal_density, normal_tail
from refdgm.numerics.tanh_less_tangent import sech_squared, tanh_less_tangent

from ..refusal import refused
from .kernels import each, ends, near
from .rows import kernel, row

GATES = ("silu", "gelu_tanh")


@row("gated numbers", "far out x and 0 with slopes 1 and 0, exactly; tiny ones halved; zero; the lower tail",
     GATES, "it gates no number by itself")
def gated_numbers(ref):
    for dtype in (np.float64, np.float32):
        most, tiny, _ = ends(dtype)
        x = np.array([most, -most, 1e4, -1e4, 0, -0.0, tiny * 2, -tiny * 2], dtype)
        y, pullback = ref.vjp(x)
        np.testing.assert_array_equal(y, np.array([most, 0, 1e4, 0, 0, 0, tiny, -tiny], dtype))
        np.testing.assert_array_equal(pullback(np.ones_like(x))["x"][:4], [1, 0, 1, 0])
        np.testing.assert_array_equal(pullback(np.ones_like(x))["x"][4:], [0.5] * 4)
    for tail in (np.arange(-5.0, -9.0, -0.5), np.array([-40.0, -60.0]))[: 2 if ref.name == "silu" else 1]:
        y, pullback = ref.vjp(tail)
        w = [mp.mpf(v) for v in tail] if ref.name == "silu" else [
            mp.sqrt(8 / mp.pi) * (mp.mpf(v) + mp.mpf(44715) / 10**6 * mp.mpf(v) ** 3) for v in tail]
        near(y, np.array([mp.mpf(v) * mp.exp(u) / (1 + mp.exp(u)) for u, v in zip(w, tail, strict=True)]), 400)
        assert (pullback(np.ones_like(tail))["x"] < 0).all()
    for bad in (np.inf, -np.inf):
        refused(ref, ArgumentError, "x must be finite", np.array([0.0, bad]))


@row("numbers gated by a normal chance", "far out x and 0 with slopes 1 and 0, exactly; tiny ones halved; zero; the "
     "lower tail to where it is subnormal", ("gelu",), "it gates no number by a normal chance")
def normal_gates(ref):
    for dtype in (np.float64, np.float32):
        most, tiny, _ = ends(dtype)
        x = np.array([most, -most, 1e4, -1e4, 0, -0.0, tiny * 2, -tiny * 2], dtype)
        y, pullback = ref.vjp(x)
        np.testing.assert_array_equal(y, np.array([most, 0, 1e4, 0, 0, 0, tiny, -tiny], dtype))
        np.testing.assert_array_equal(pullback(np.ones_like(x))["x"], [1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5])
        tail = -np.linspace(1, 38 if dtype == np.float64 else 13, 38, dtype=dtype)
        y, pullback = ref.vjp(tail)
        near(y, each(lambda v: v * mp.ncdf(v), tail), 12)
        near(pullback(np.ones_like(tail))["x"], each(lambda v: mp.ncdf(v) + v * mp.npdf(v), tail), 24)
    for bad in (np.inf, -np.inf):
        refused(ref, ArgumentError, "x must be finite", np.array([0.0, bad]))


@kernel("(1 − erf(|x|/√2))/2 and exp(−x²/2)/√(2π): from zero to the smallest numbers of the dtype, through the pole "
        "of the rule, and beyond", normal_tail, normal_density)
def normal_chances(dtype):
    most, tiny, _ = ends(dtype)
    near_one = np.linspace(0.03, 14, 470)
    size = np.concatenate([[0, tiny, 1e-12, 1e-6, 1e-3], near_one, [18.5, 25, 31.7, 37.5]]).astype(dtype)
    x = np.concatenate([size, -size])
    with mp.workdps(60):  # nothing cancels
        near(normal_tail(x), each(lambda v: mp.erfc(abs(v) / mp.sqrt(2)) / 2, x), 6)
        near(normal_density(x), each(mp.npdf, x), 5)
    far = np.array([most, -most, 1024, 100], dtype)
    assert not normal_tail(far).any() and not normal_density(far).any()


@row("capped numbers", "caps and numbers at the ends of the range, their quotient beyond it; zero; a slope of e^{−2u}",
     ("softcap",), "it caps no number")
def capped_numbers(ref):
    for x, cap in ((1e300, 1.0), (1.0, 1e-300), (1e300, 1e-300), (-1e300, 30.0), (5e-324, 1e-3)):
        with np.errstate(over="ignore", under="ignore"):  # x/c is beyond the range
            y, pullback = ref.vjp(np.array([x]), np.array(cap))
            grads = pullback(np.ones(1))
        beyond = abs(x) > 1e-100
        np.testing.assert_array_equal(y, [np.sign(x) * cap if beyond else x])
        np.testing.assert_array_equal(grads["x"], [not beyond])
        np.testing.assert_array_equal(grads["cap"], np.sign(x) if beyond else 0)
    y, pullback = ref.vjp(np.array([0.0, 3.0, -3.0]), np.array(1e300))
    np.testing.assert_allclose(y, [0, 3, -3], rtol=1e-15)
    np.testing.assert_array_equal(pullback(np.ones(3))["x"], np.ones(3))
    grads = ref.vjp(np.array([350.0]), np.array(1.0))[1](np.ones(1))
    np.testing.assert_allclose(grads["x"], [4 * np.exp(-700.0)], rtol=1e-12)
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "cap must be positive and finite", np.ones(2), np.array(bad))


@kernel("1 − tanh(u)² and tanh(u) − u (1 − tanh(u)²): from the smallest numbers to where the continued "
        "fraction ends, and until they are 0 and 1", sech_squared, tanh_less_tangent)
def tangents(dtype):
    most, tiny, _ = ends(dtype)
    size = np.array([0, tiny, 1e-12, 1e-6, 1e-3, 0.1, 0.25, 0.4999, 0.5, 0.75, 0.9999, 1, 1.0001, 3, 9, 20, 40], dtype)
    u = np.concatenate([size, -size])
    slope = lambda v: mp.sech(v) ** 2
    near(sech_squared(u), each(slope, u), 8)
    near(tanh_less_tangent(u), each(lambda v: mp.tanh(v) - v * slope(v), u), 12)
    far = np.array([most, -most, 1e5], dtype)
    np.testing.assert_array_equal(sech_squared(far), np.zeros(3))
    np.testing.assert_array_equal(tanh_less_tangent(far), [1, -1, 1])
