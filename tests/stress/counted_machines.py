"""Machines whose states are counted, and the small differences of their laws."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.smaller_terms import smaller_terms
from refdgm.numerics.tilted import tilt_excess

from ..refusal import refused
from .kernels import exact, near
from .rows import drawn, kernel, row

NOT_COUNTED = "it lists no states of a layer"


@row("units that are counted", "a layer of no units, and one of 17 whose states nobody would list, are refused",
     ("rbm_log_likelihood",), NOT_COUNTED)
def bounds_of_units(ref):
    arguments, options, _ = drawn(ref)
    for units in (0, 17):
        wide = arguments | {"W": np.zeros((units, 3)), "c": np.zeros(units)}
        refused(ref, ArgumentError, f"{ref.name} needs H of at least 1 and at most 16", *wide.values(), **options)


@kernel("p e^t / Σ p e^t − p: tilts of any smallness, none, and what is not near, where q is returned", tilt_excess)
def between_laws(dtype):
    eps = np.finfo(dtype).eps
    p = np.array([0.25, 0.125, 0.5, 0.125], dtype)
    q = np.array([[1, 0, 0, 0]], dtype)
    for size in (0, eps**2, eps, 1e-3, 0.25):
        tilt = np.asarray(size, dtype) * np.array([[1, -0.5, 0.25, 0], [0.5, 0.5, 0.5, 0.5]], dtype)
        got = tilt_excess(p, tilt, np.asarray(True), q)
        for row_, found in zip(exact(tilt), got, strict=True):
            weights = [u * mp.exp(d) for u, d in zip(exact(p), row_, strict=True)]
            want = [w / sum(weights) - u for w, u in zip(weights, exact(p), strict=True)]
            near(found, want, 8, [abs(mp.mpf(float(size)))] * 4)
    np.testing.assert_array_equal(tilt_excess(p, np.full((1, 4), np.inf, dtype), np.asarray(False), q), q)


@kernel("Σ of the terms: element by element the list whose terms are the smaller by far, else the first", smaller_terms)
def of_two_sums(dtype):
    large, small = np.asarray(2 / np.finfo(dtype).eps, dtype), np.array([1, -1, 3], dtype)
    rough, fine = (large + small, -large), (small / 2, small / 2)
    mixed = tuple(np.where([True, False, True], x, y) for x, y in zip(rough, fine, strict=True))
    other = tuple(np.where([True, False, True], y, x) for x, y in zip(rough, fine, strict=True))
    for one, two in ((rough, fine), (fine, rough), (mixed, other), ((-small, 2 * small), (small, 0 * small))):
        np.testing.assert_array_equal(smaller_terms(one, two), small)
    np.testing.assert_array_equal(smaller_terms((small,), (2 * small,)), small)
    np.testing.assert_array_equal(smaller_terms((2 * small,), (small,)), 2 * small)
