"""Distances of batches by pairs of their points: points that are one, of any size, and far apart."""

import numpy as np
from mpmath import mp

from refdgm.numerics.directions import directions

from .kernels import ends, exact, near
from .rows import answers, drawn, finite, kernel, row

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
