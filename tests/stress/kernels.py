"""Stable kernels against their textbook expressions: what is formed so that it neither overflows nor cancels."""

import mpmath
import numpy as np
from mpmath import mp

from refdgm.numerics.components import against, dimension, inner
from refdgm.numerics.cooled import cooled
from refdgm.numerics.deviation import common_unit, deviation
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.numerics.impossible import least_possible, lowered
from refdgm.numerics.length import length
from refdgm.numerics.lerp import half_apart, lerp
from refdgm.numerics.log_mean_exp import log_mean_exp
from refdgm.numerics.log_of_rest import log_of_rest
from refdgm.numerics.nearest_shares import nearest_shares
from refdgm.numerics.outweighs import outweighs
from refdgm.numerics.quotient import or_one, quotient
from refdgm.numerics.weighted_gram import weighted_gram
from refdgm.numerics.whitening import whitening
from refdgm.numerics.winner import is_winner, measured, winner

from .rows import kernel


def exact(x):
    """The numbers of an array, as they are."""
    return np.frompyfunc(mp.mpf, 1, 1)(np.asarray(x, np.float64))


def each(f, *arrays):
    """`f` of every element, in exact arithmetic and rounded at the end."""
    return np.frompyfunc(f, len(arrays), 1)(*map(exact, arrays))


def near(got, want, ulps, scale=None):
    """Within `ulps` roundings of `scale`, the exact result itself where none is given, and of the smallest number."""
    info = np.finfo(got.dtype)
    want = np.broadcast_to(np.asarray(want, object), got.shape)
    scale = np.broadcast_to(want if scale is None else np.asarray(scale, object), got.shape)
    for at in np.ndindex(got.shape):
        g, w = mp.mpf(float(got[at])), mp.mpf(want[at])
        if abs(w) > mp.mpf(float(info.max)):
            assert g == mp.sign(w) * mp.inf, (at, got[at], mpmath.nstr(w, 20))
        else:
            allowed = ulps * (mp.mpf(float(info.eps)) * abs(scale[at]) + mp.mpf(float(info.smallest_subnormal)))
            assert abs(g - w) <= allowed, (at, got[at], mpmath.nstr(w, 20))


def ends(dtype):
    """(the largest number, the smallest normal, the smallest)."""
    info = np.finfo(dtype)
    return info.max, info.smallest_normal, info.smallest_subnormal


@kernel("exp(x) − 1 − x, from the smallest numbers to those at both ends of the series, and until it overflows",
        expm1_minus_identity)
def exponential_without_its_tangent(dtype):
    _, tiny, _ = ends(dtype)
    size = np.array([0, tiny, 1e-30, 1e-12, 1e-4, 0.011, 0.03, 0.1, 0.4999, 0.5, 0.5001, 1, 20, 80, 1e4], dtype)
    for x in (size, -size):
        with np.errstate(over="ignore", under="ignore"):
            near(expm1_minus_identity(x), each(lambda v: mp.expm1(v) - v, x), 8)


@kernel("log(1 − p), of p next to 0, to ½ and to 1", log_of_rest)
def logarithm_of_the_rest(dtype):
    _, tiny, least = ends(dtype)
    small = np.array([least, tiny, 1e-30, 1e-7, 0.1, 0.25, 0.375, 0.5], dtype)
    near(log_of_rest(small, 1 - small), each(lambda p: mp.log(1 - p), small), 2)
    near(log_of_rest(1 - small, small), each(mp.log, small), 2)


@kernel("argmax_j x_j as an index and as a mask, x_j − x_k: ties, −∞, differences beyond the largest number",
        winner, is_winner, measured)
def winners(dtype):
    most, tiny, _ = ends(dtype)
    x = np.array([[1, 3, 3], [-np.inf, -2, -np.inf], [most, -most, 0], [0, tiny, -tiny], [-1, -1, -1]], dtype)
    k, column = winner(x), [1, 1, 0, 1, 0]
    np.testing.assert_array_equal(x[k], np.max(x, axis=1))
    np.testing.assert_array_equal(k[1], column)
    np.testing.assert_array_equal(is_winner(k, 3), np.eye(3, dtype=bool)[column])
    with np.errstate(over="ignore"):
        got = measured(x, k)
    assert np.all(got[is_winner(k, 3)] == 0) and np.all(got <= 0) and got[2, 1] == -np.inf
    finite = np.where(np.isfinite(x), x, 0)
    near(np.where(np.isfinite(x), got, 0), np.where(np.isfinite(x), exact(finite) - exact(x[k])[:, None], 0), 1)
    assert np.all(got[1, [0, 2]] == -np.inf)


@kernel("x / τ for x ≤ 0, cut at a quarter of the lowest number: −∞, τ from the smallest number to the largest", cooled)
def temperatures(dtype):
    most, tiny, least = ends(dtype)
    lowest = float(most) / -4
    x = np.array([0, -least, -tiny, -1e-8, -1, -3, -1e6, -1e30, -most], dtype)
    for tau in (least, tiny, 1e-8, 0.3, 1, 3, 1e30, most):
        tau = np.asarray(tau, dtype)
        with np.errstate(under="ignore"):
            got = cooled(x, tau)
            near(cooled(np.asarray([-np.inf], dtype), tau), [mp.mpf(lowest)], 2)
        near(got, [max(v / exact(tau), mp.mpf(lowest)) for v in exact(x)], 2)
        assert np.all(got[:-1] >= got[1:])


@kernel("(x − y)/2 and start + s (end − start): the largest numbers at opposite ends; s of 0 and 1 are the ends",
        half_apart, lerp)
def interpolation(dtype):
    most, tiny, _ = ends(dtype)
    start = np.array([most, -most, 1, 1 + 2.0**-20, tiny, 0.3, most], dtype)
    end = np.array([-most, most, -1, 1, 3 * tiny, 1e8, most], dtype)
    half = half_apart(end, start)
    near(half, each(lambda a, b: (b - a) / 2, start, end), 1)
    for share in (0, 1):
        np.testing.assert_array_equal(lerp(start, end, half, np.asarray(share, dtype)), (start, end)[share])
    inner_ones = slice(2, 6)
    for share in (1e-30, 0.25, 0.4999, 0.5, 0.75, 1.5, 7.5, -4, 1e6):
        s = exact(np.asarray(share, dtype))
        want = each(lambda a, b, s=s: a + s * (b - a), start, end)
        size = each(lambda a, b, s=s: max(abs(a), abs(b)) + min(abs(s), abs(1 - s)) * abs(b - a), start, end)
        with np.errstate(over="ignore", invalid="ignore"):
            got = lerp(start, end, half, np.asarray(share, dtype))
        where = slice(None) if 0 <= share <= 1 else inner_ones
        near(got[where], want[where], 4, size[where])


@kernel("x / y where y > 0, and what is said otherwise; 1 for y = 0", or_one, quotient)
def quotients(dtype):
    most, tiny, _ = ends(dtype)
    x, y = np.array([0, 3, 1, most, tiny, 10, 5, 7], dtype), np.array([0, 0, 3, most, most, 3, 41, 49], dtype)
    np.testing.assert_array_equal(or_one(y), np.array([1, 1, 3, most, most, 3, 41, 49], dtype))
    got = quotient(x, y, 7.0)
    assert got.dtype == dtype and np.all(got[:2] == 7)
    near(got[2:], each(lambda a, b: a / b, x[2:], y[2:]), 0.5)


@kernel("x − mean(x), its length, and the unit in which neither overflows: constants, the ends of the range, an offset",
        deviation, common_unit)
def deviations(dtype):
    most, tiny, _ = ends(dtype)
    far = np.asarray(2.0**20, dtype)
    rows = np.array([[most, -most, 0, most], [0.1] * 4, [tiny, 2 * tiny, 0, -tiny], [far, far + 1, far + 2, far],
                     [1, 2, 3, -1], [0] * 4], dtype)
    unit = common_unit(rows, 0 * rows)
    np.testing.assert_array_equal(unit, [2.0**32, 1, 1, 2.0**32, 2.0**32, 1])
    x = rows / unit[:, None]
    away, length = deviation(x)
    want = exact(x) - np.sum(exact(x), axis=1)[:, None] / 4
    span = [max(abs(v - row[0]) for v in row) for row in exact(x)]
    near(away, want, 4, np.array(span, object)[:, None])
    near(length, [mp.sqrt(sum(v * v for v in row)) for row in want], 8)
    assert not away[[1, 5]].any() and not length[[1, 5]].any()
    assert deviation(x[:, :0])[0].shape == (6, 0) and not deviation(x[:, :0])[1].any()


@kernel("‖x‖ of every example: zeros, the ends of the range, several axes", length)
def lengths(dtype):
    most, tiny, _ = ends(dtype)
    rows = np.array([[3, 4, 0, 0], [0] * 4, [most / 4, -most / 4, most / 4, 0], [tiny, -tiny, 0, 2 * tiny],
                     [most / 8, tiny, 1, 0], [0.1, -0.3, 0.7, 1e-4]], dtype)
    got = length(rows)
    assert got.dtype == dtype and got[0] == 5 and got[1] == 0
    near(got, [mp.sqrt(sum(v * v for v in row)) for row in exact(rows)], 4)
    np.testing.assert_array_equal(length(rows.reshape(6, 2, 2)), got)
    assert not length(rows[:, :0]).any() and length(rows[:0]).shape == (0,)


@kernel("|x_i| > 2 Σ_{j≠i} |x_j|: ties, one number alone, others that rounding does not see", outweighs)
def one_against_all(dtype):
    most, tiny, _ = ends(dtype)
    rows = np.array([[2, 1, 0], [2.5, 1, 0], [-2.5, 0.5, 0.5], [most / 4, 1, 1], [tiny, 0, 0], [0, 0, 0]], dtype)
    want = [[abs(v) > 2 * (sum(map(abs, row)) - abs(v)) for v in row] for row in exact(rows)]
    np.testing.assert_array_equal(outweighs(rows), want)


@kernel("min c_j of the possible, ℓ − τ x: −∞ stays −∞ where τ x overflows", least_possible, lowered)
def impossible_ones(dtype):
    most, tiny, _ = ends(dtype)
    c = np.array([[tiny, 0.25, 0.5], [0.5, tiny, 0.25]], dtype)
    logits = np.array([[-np.inf, 1, -1e4], [2, 3, -np.inf]], dtype)
    np.testing.assert_array_equal(least_possible(c, logits), np.array([[0.25], [tiny]], dtype))
    x = np.log(c)
    for tau in (tiny, 1, most / 1024):
        with np.errstate(over="ignore", under="ignore"):
            got = lowered(logits, np.asarray(tau, dtype), x)
        possible = np.isfinite(logits)
        assert np.all(got[~possible] == -np.inf)
        product = exact(np.asarray(tau, dtype)) * exact(x[possible])
        near(got[possible], exact(logits[possible]) - product, 2, abs(exact(logits[possible])) + abs(product))
    with np.errstate(over="ignore"):
        assert lowered(logits, np.asarray(most, dtype), x)[0, 0] == -np.inf


@kernel("log(Σ e^s / K): all equal, almost equal, one above all others", log_mean_exp)
def logarithm_of_a_mean(dtype):
    most, tiny, _ = ends(dtype)
    rows = np.array([[0, 0, 0], [0, -tiny, -1e-30], [0, -1e-6, -1e-9], [-0.5, 0, -0.25], [0, -1, -5], [0, -90, -most]],
                    dtype)
    with np.errstate(under="ignore"):
        got = log_mean_exp(rows, np.sum(np.exp(rows), axis=1, keepdims=True))
    want = [[mp.log1p(sum(mp.expm1(v) for v in row) / 3)] for row in exact(rows)]
    near(got, want, 8)
    alone = np.full((1, 1000), -most, dtype)
    alone[0, 7] = 0
    near(log_mean_exp(alone, np.ones((1, 1), dtype)), [[-mp.log(1000)]], 2)


@kernel("softmax_k(c_k − ‖u_k‖²/2): squares beyond the range, a component that is far narrower, ordinary ones",
        nearest_shares)
def shares_of_components(dtype):
    most, tiny, _ = ends(dtype)
    root = np.sqrt(most)
    c = np.array([0, -0.5, 0.25], dtype)
    for size in (0, tiny, 1, 5, 30):
        u = size * np.array([[[1, -0.5]], [[0.75, 0.5]], [[0.5, 1]]], dtype)
        found = nearest_shares(c, u)
        terms = [exact(c)[k] - sum(v * v for v in exact(u)[k, 0]) / 2 for k in range(3)]
        total = sum(map(mp.exp, terms))
        scale = 1 + max(map(abs, terms))
        near(found.share[:, 0], [mp.exp(t) / total for t in terms], 16, [mp.exp(t) / total * scale for t in terms])
        near(found.largest * found.n**2 + np.log(found.total), [mp.log(total)], 16, [scale])
    for size in (root, most / 16):
        u = size * np.array([[[1, 0]], [[3, 0]], [[1, 0]]], dtype)
        share = nearest_shares(0 * c, u).share[:, 0]
        np.testing.assert_array_equal(share, [0.5, 0, 0.5])
    u = np.array([[[most / 8, 0]], [[1, 0.5]], [[0.5, 0.5]]], dtype)
    left = nearest_shares(c[1:], u[1:]).share
    got = nearest_shares(c, u).share
    assert got[0, 0] == 0
    np.testing.assert_allclose(got[1:], left, rtol=16 * np.finfo(dtype).eps)


@kernel("Σ r_k W_kᵀ W_k: a weight of zero, or a small one, against squares beyond the range", weighted_gram)
def weighted_squares(dtype):
    most, _, _ = ends(dtype)
    large = np.asarray(2.0**int(0.75 * np.log2(most)), dtype)
    small = np.asarray(2.0**-int(0.75 * np.log2(most)), dtype)
    w = np.array([[1, 0], [-0.75, 0.5]], dtype)
    rows = np.stack([w, large * w])
    share = np.array([[1, 0.25], [0, small]], dtype)
    got = weighted_gram(share, rows)
    products = exact(rows).swapaxes(1, 2) @ exact(rows)
    sizes = abs(exact(rows)).swapaxes(1, 2) @ abs(exact(rows))
    weight = exact(share)[:, :, None, None]
    near(got, np.sum(weight * products[:, None], axis=0), 32, np.sum(weight * sizes[:, None], axis=0))


@kernel("W with W (a² F Fᵀ + σ² I) Wᵀ = I, and W F: scales at both ends of the range, σ far below F", whitening)
def whitened(dtype):
    most, _, _ = ends(dtype)
    far = 2.0**int(0.6 * np.log2(most))
    factors = np.array([[[1, 0.5], [-0.25, 0.75]], [[0, 0], [0, 0]]], dtype)
    for scale in (1, far, 1 / far):
        for a, sigma in ((1, 1), (-0.75, 2.0**-10), (0, 0.5)):
            a, s = np.asarray(a, dtype), np.asarray(scale * sigma, dtype)
            reach, white = whitening(np.asarray(scale, dtype) * factors, a, s)
            for k in range(2):
                f = exact(np.asarray(scale, dtype) * factors[k])
                square = exact(a) ** 2 * (f @ f.T) + exact(s) ** 2 * exact(np.eye(2))
                lower = np.array(mp.inverse(mp.cholesky(mp.matrix(square.tolist()))).tolist(), object).reshape(2, 2)
                size = np.max(abs(lower), axis=1, keepdims=True)
                near(white[k], lower, 64, size)
                near(reach[k], lower @ f, 64, abs(lower) @ abs(f) + size * mp.mpf(float(np.finfo(dtype).eps)))
                assert white[k, 0, 1] == 0
    close = np.array([[[1, 1], [1, 1 + np.finfo(dtype).eps ** 0.4]]], dtype)
    sigma = np.asarray(np.finfo(dtype).eps ** 0.5, dtype)
    reach, white = whitening(close, np.asarray(1, dtype), sigma)
    rows = np.concatenate([exact(reach[0]), exact(sigma) * exact(white[0])], axis=1)
    near((rows @ rows.T).astype(dtype), np.eye(2), 8, np.ones((2, 2), object))


@kernel("⟨x, y⟩ of every example, a number for all of its components, and how many: axes of every number and length",
        against, inner, dimension)
def components(dtype):
    x = np.arange(12, dtype=dtype).reshape(2, 3, 2) / 8
    assert dimension(x) == 6 and dimension(x[:, :0]) == 0 and dimension(x[:, 0, 0]) == 1
    number = np.array([2, -1], dtype)
    np.testing.assert_array_equal(against(number, x) * x, np.stack([2 * x[0], -x[1]]))
    np.testing.assert_array_equal(against(number, x[:, 0, 0]), number)
    want = [sum((exact(x)[b] * exact(x)[b]).flat) for b in range(2)]
    near(inner(x, x), want, 4)
    np.testing.assert_array_equal(inner(x[:, 0, 0], number), x[:, 0, 0] * number)
    np.testing.assert_array_equal(inner(x[:, :0], x[:, :0]), [0, 0])
