"""Machines whose states are counted, and the small differences of their laws."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.apart import mean_apart, pair_apart
from refdgm.numerics.smaller_terms import smaller_terms
from refdgm.numerics.tilted import law_excess, tilt_excess

from ..refusal import refused
from .kernels import exact, near
from .rows import answers, drawn, finite, kernel, row

NOT_COUNTED = "it lists no states of a layer"


@row("a counted machine far out", "weights of 1e±150 and zero: P(v) is 0, 1 or even; more than 10 units of a kind, and"
     " none, are refused", ("boltzmann_marginal_log_likelihood",), NOT_COUNTED)
def far_out(ref):
    arguments, options, bars = drawn(ref)
    for size in (0.0, 1e-150, 1e150):
        got = answers(ref, arguments | {name: size * arguments[name] for name in ("U", "W", "V", "b", "c")}, options,
                      bars)
        finite(got)
        if size < 1:
            many = arguments["b"].shape[0]
            np.testing.assert_allclose(got["output.value"], -many * np.log(2.0), rtol=1e-13)
    for units in (0, 11):
        wide = arguments | {"W": np.zeros((units, 3)), "V": np.zeros((units, units)), "c": np.zeros(units)}
        refused(ref, ArgumentError, f"{ref.name} needs H of at least 1 and at most 10", *wide.values(), **options)


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


@kernel("q − p of q = p e^t / Σ p e^t: tilts of any smallness, and laws that are both nearly certain", law_excess)
def between_certain_laws(dtype):
    eps = np.finfo(dtype).eps
    p = np.array([0.25, 0.125, 0.5, 0.125], dtype)
    for size in (0, eps**2, eps, 1e-3, 0.25):
        tilt = np.asarray(size, dtype) * np.array([[1, -0.5, 0.25, 0]], dtype)
        weights = [u * mp.exp(d) for u, d in zip(exact(p), exact(tilt)[0], strict=True)]
        want = [w / sum(weights) - u for w, u in zip(weights, exact(p), strict=True)]
        got, near_ = law_excess(tilt, p, p[None])
        near(got[0], want, 8, [abs(mp.mpf(float(size)))] * 4)
        assert near_.all()
    low = np.asarray(2.0**-70, dtype)
    got, near_ = law_excess(np.array([[0, 3]], dtype), np.array([1, low], dtype), np.array([[1, 3 * low]], dtype))
    np.testing.assert_array_equal(got, [[-2 * low, 2 * low]])
    assert not near_.any()


@kernel("Σ of the terms: element by element the list whose terms are the smaller by far, else the first", smaller_terms)
def of_two_sums(dtype):
    large, small = np.asarray(2 / np.finfo(dtype).eps, dtype), np.array([1, -1, 3], dtype)
    rough, fine = (large + small, -large), (small / 2, small / 2)
    mixed = tuple(np.where([True, False, True], x, y) for x, y in zip(rough, fine, strict=True))
    other = tuple(np.where([True, False, True], y, x) for x, y in zip(rough, fine, strict=True))
    for one, two in ((rough, fine), (fine, rough), (mixed, other), ((-small, 2 * small), (small, 0 * small))):
        np.testing.assert_array_equal(smaller_terms(one, two), small)
    np.testing.assert_array_equal(smaller_terms((small,), (2 * small,)), small)
    np.testing.assert_array_equal(smaller_terms((5 * small,), (2 * small,)), 2 * small)
    np.testing.assert_array_equal(smaller_terms((2 * small,), (small,)), 2 * small)
    for lists in ((rough, fine, rough), (rough, rough, fine), (rough, (4 * small, -3 * small), fine)):
        np.testing.assert_array_equal(smaller_terms(*lists), small)
    np.testing.assert_array_equal(smaller_terms((5 * small,), (small,), (2 * small,)), small)


@kernel("Σ (q − (Σ q) p) f: laws that both are nearly certain of a chance, and of one that both nearly exclude",
        mean_apart)
def of_two_means(dtype):
    low = np.asarray([2.0**-70, 2.0**-60], dtype)
    p, q, f = np.asarray([1, low[0]], dtype), np.asarray([[3, 3 * low[1]]], dtype), np.eye(2, dtype=dtype)
    rise = 3 * (low[1] - low[0])
    np.testing.assert_allclose(mean_apart(q, p, f, 1 - f), [[-rise, rise]], rtol=4 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(mean_apart(3 * p[None], p, f, 1 - f), [[0, 0]])


@kernel("Σ g (x y − Σ p r s): chances near one on both sides, near zero, and apart; by one law, and by one of pairs",
        pair_apart)
def of_two_pairs(dtype):
    eps, low = np.finfo(dtype).eps, np.asarray(2.0**-70, dtype)
    one, bar = np.ones((1, 1), dtype), np.full((1, 1), 3, dtype)
    r, p = np.asarray([[1], [0]], dtype), np.asarray([1, low], dtype)
    none, units = 0 * one, (r, 1 - r)
    got = pair_apart(bar, (one, low * one), (one, none), p, units, units)     # x = 1 less 2⁻⁷⁰, ⟨r r⟩ the same
    np.testing.assert_array_equal(got, [[0]])
    got = pair_apart(bar, (one, none), (one, none), p, units, units)
    np.testing.assert_allclose(got, [[3 * low]], rtol=4 * eps)
    pairs = np.asarray([[0.5, 0.125], [0.25, 0.125]], dtype)                  # r on: ⅝, with s on: ½
    for x, y in ((1, 1), (0.25, 0.5), (0, 1)):
        x, y = ((np.full((1, 1), z, dtype), np.full((1, 1), 1 - z, dtype)) for z in (x, y))
        np.testing.assert_allclose(pair_apart(bar, x, y, pairs, units, units), 3 * (x[0] * y[0] - 0.5), rtol=8 * eps)
    got = pair_apart(bar, (one, none), (one, none), pairs[0] * 1.6, units, units)
    np.testing.assert_allclose(got, [[0.6]], rtol=8 * eps)
