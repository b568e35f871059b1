"""Distances of batches by pairs of their points: points that are one, of any size, and far apart."""

import numpy as np
from mpmath import mp

from refdgm.errors import ArgumentError
from refdgm.numerics.directions import directions
from refdgm.numerics.gaussian_kernel import gaussian_kernel

from .kernels import ends, exact, near
from .rows import answers, drawn, finite, kernel, refused, row

NO_POINTS = "it is no distance by pairs of points"


@kernel("‖a − b‖ and its direction: points that are one, the ends of the range, components of all sizes", directions)
def directions_of_pairs(dtype):
    most, tiny, least = ends(dtype)
    a = np.array([[0, 0, 0], [most / 4, -most / 4, 1], [tiny, 0, -tiny], [least, 0, 0], [1, 2, 3]], dtype)
    b = np.array([[0, 0, 0], [-most / 4, most / 4, 1], [1, 2, 3], [1 + 2.0**-20, 2, 3]], dtype)
    distance, direction = directions(a, b)
    between = exact(a)[:, None] - exact(b)[None]
    want = np.frompyfunc(mp.sqrt, 1, 1)(np.sum(between**2, axis=-1))
    near(distance, want, 4)
    near(direction, between / np.where(want == 0, mp.mpf(1), want)[..., None], 4)
    assert not distance[0, 0] and not direction[0, 0].any() and not direction[4, 2].any()


@row("points of any size", "1e±200 times as large, 1e6 away; a batch on one place, both on one, and 5e-324 apart",
     ("energy_distance",), NO_POINTS)
def points_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    for size in (1e-200, 1e200):
        got = answers(ref, {name: size * x for name, x in arguments.items()}, options, bars)
        for role, x in got.items():
            np.testing.assert_allclose(x, plain[role] * (1 if "gradient" in role else size), rtol=1e-12, atol=1e-15)
    got = answers(ref, {name: x + 2.0**20 for name, x in arguments.items()}, options, bars)
    for role, x in got.items():
        np.testing.assert_allclose(x, plain[role], rtol=1e-7, atol=1e-9)
    x, y = arguments.values()
    for place in (x, 0 * x + x[:1]):
        got = answers(ref, {"real": place, "fake": place[::-1]}, options, bars)
        finite(got)
        np.testing.assert_allclose(got["output.value"], 0, atol=1e-15)
    got = answers(ref, {"real": 0 * x[:1], "fake": 0 * y[:1] + np.eye(1, y.shape[1]) * 5e-324}, options, bars)
    assert got["output.value"] == 1e-323 and got["gradient.real"][0, 0] == -2 * bars[0]


@kernel("e^{−s}, e^{−s} − 1 and (a − b)/h of s = ‖a − b‖²/2h²: widths from the smallest number to the largest",
        gaussian_kernel)
def kernels_of_pairs(dtype):
    most, tiny, least = ends(dtype)
    a = np.array([[0, 0], [1, -2], [tiny, 0], [1e10, 3]], dtype)
    b = np.array([[0, 0], [1, -2.0 + 2.0**-12], [0.5, 1e-3], [-2, 0.75]], dtype)
    between = exact(a)[:, None] - exact(b)[None]
    for width in (least, tiny, 1e-8, 0.25, 1, 30, 1e12, most):
        h = np.asarray(width, dtype)
        with np.errstate(over="ignore", under="ignore"):
            k, less, t = gaussian_kernel(a, b, h)
            assert np.isfinite(k[..., None] * t * t).all()
        s = np.minimum(np.sum((between / exact(h)) ** 2, axis=-1) / 2, mp.mpf(10**6))  # there e^{−s} is none already
        f = lambda of, s=s: np.frompyfunc(of, 1, 1)(-s)
        near(k, f(mp.exp), 8, f(mp.exp) * (1 + s))
        near(less, f(mp.expm1), 8)
        assert k[0, 0] == 1 and less[0, 0] == 0 and not t[0, 0].any()


@row("kernels of any width", "1e-300 and 1e300, widths and points: none, one or the means alone, and never NaN",
     ("maximum_mean_discrepancy",), NO_POINTS)
def kernels_of_any_width(ref):
    for estimator in ("unbiased", "biased"):
        arguments, options, bars = drawn(ref, options={"estimator": estimator})
        x, y, _ = arguments.values()
        for width, want in ((1e-300, 0 if estimator == "unbiased" else 1 / len(x) + 1 / len(y)), (1e300, 0)):
            got = answers(ref, arguments | {"bandwidth": np.asarray(width)}, options, bars)
            finite(got)
            assert abs(got["output.value"] - want) < 1e-15
        plain = answers(ref, arguments, options, bars)
        for size in (1e-150, 1e150):
            got = answers(ref, {name: size * v for name, v in arguments.items()}, options, bars)
            for role, v in got.items():
                np.testing.assert_allclose(v, plain[role] / (size if "gradient" in role else 1), rtol=1e-11)
        refused(ref, ArgumentError, "bandwidth must be positive and finite, got 0", x, y, np.zeros(()), **options)


@row("numbers of any size", "1e±300 times as large, 1e9 away, 5e-324 apart; one number many times, of both batches",
     ("wasserstein_distance_1d",), "it has no order of numbers")
def numbers_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    arguments = {name: np.round(x * 1024) / 1024 for name, x in arguments.items()}  # which 1e9 away are there still
    plain = answers(ref, arguments, options, bars)
    for size in (2.0**-990, 2.0**990):
        got = answers(ref, {name: size * x for name, x in arguments.items()}, options, bars)
        for role, x in got.items():
            np.testing.assert_array_equal(x, plain[role] * (1 if "gradient" in role else size))
    got = answers(ref, {name: x + 2.0**30 for name, x in arguments.items()}, options, bars)
    for role, x in got.items():
        np.testing.assert_array_equal(x, plain[role])
    got = answers(ref, {"real": np.zeros(3), "fake": np.full(2, 5e-324)}, options, bars)
    assert got["output.value"] == 5e-324 and np.all(got["gradient.fake"] == bars[0] / 2)
    same_number = {"real": np.full(5, 7.0), "fake": np.full(3, 7.0)}
    assert not any(x.any() for x in answers(ref, same_number, options, bars).values())
    for wrong in (np.inf, -np.inf):
        x = arguments["real"].copy()
        x[1] = wrong
        refused(ref, ArgumentError, "real must be ", *(arguments | {"real": x}).values())
