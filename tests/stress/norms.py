"""Normalised vectors."""

import numpy as np
from mpmath import mp

from refdgm import ArgumentError
from refdgm.numerics.root_mean_square import off_direction, root_mean_square

from ..refusal import refused
from .kernels import ends, exact, near
from .rows import kernel, row

NORMS = ("rms_norm", "layer_norm")


@row("normalised vectors", "the ends of the range, with ϵ of 1e-5 and of 5e-324 and beyond; zeros, equal components; "
     "one component; what is far from the origin; a cotangent along the vector", NORMS, "it normalises no vector")
def normalised_vectors(ref):
    bias = (np.zeros(3),) if "bias" in ref.args else ()
    of = lambda x, eps, w=np.ones(3): ref.vjp(np.asarray([[x]], float), w, *bias, np.array(eps))  # noqa: B008
    for size, eps in ((1e300, 1e-5), (1e150, 1e-300), (1e-200, 5e-324), (1.0, 5e-324), (1e150, 1e299)):
        y, pullback = of(size * np.array([1.0, -3.0, 2.0]), eps)
        want, _ = of([1.0, -3.0, 2.0], eps / size / size or 5e-324)
        np.testing.assert_allclose(y, want, rtol=1e-14)
        grads = pullback(np.array([[[size, 0.0, 0.0]]]))
        assert all(np.isfinite(g).all() for g in grads.values()) and grads["x"][0, 0, 0] > 0
        np.testing.assert_allclose(grads["weight"], size * want[0, 0] * [1, 0, 0], rtol=1e-14)
    y, pullback = of([0.0, 0.0, 0.0], 0.25)
    assert not y.any()
    h = np.array([[[1.0, 0.0, -4.0]]])
    np.testing.assert_array_equal(pullback(h)["x"], 2 * (h + 1 if bias else h))
    y, pullback = of([1e-200, 3e-200, 0.0], 1.0)
    np.testing.assert_allclose(pullback(h)["x"], h + 1 if bias else h, rtol=1e-15)
    for power in (10, 30):
        x = 2.0**power * np.array([1.0, 2.0, 2.0])  # r = 2^p √3 or 2^p √2/3
        got = of(x, 1.0)[1](np.array([[x]]))["x"]
        if not bias:
            np.testing.assert_allclose(got, [[x / (3 * 4.0**power + 1) ** 1.5]], rtol=1e-13)
        else:
            c, v = x - np.mean(x), np.var(x)
            np.testing.assert_allclose(got, [[c / (v + 1) ** 1.5]], rtol=1e-12)
    if bias:
        far = 2.0**40 + np.array([1.0, 3.0, 2.0])
        np.testing.assert_allclose(of(far, 1e-5)[0], of([1.0, 3.0, 2.0], 1e-5)[0], rtol=1e-14)
        assert not of([0.1, 0.1, 0.1], 5e-324)[0].any()
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "eps must be positive and finite", np.ones((1, 1, 3)), np.ones(3), *bias,
                np.array(bad))
    refused(ref, ArgumentError, "x must be finite", np.array([[[1.0, np.inf, 0.0]]]), np.ones(3), *bias, np.array(1.0))


@row("normalised groups", "the ends of the range, with ϵ of 1e-5, of 5e-324 and beyond, beside a group of zeros; one "
     "number in a group", ("group_norm",), "it normalises no group")
def normalised_groups(ref):
    one, zero = np.ones((2, 3)), np.zeros((2, 3))
    plain = np.array([[1.0, -3.0], [2.0, 0.0], [5.0, 4.0]])
    for size, eps in ((1e300, 1e-5), (1e150, 1e-300), (1e-200, 5e-324), (1.0, 5e-324), (1e150, 1e299)):
        x = np.stack([size * plain, 0 * plain])[None]
        y, pullback = ref.vjp(x, one, zero, np.array(eps))
        want = ref(np.stack([plain, 0 * plain])[None], one, zero, np.array(eps / size / size or 5e-324))
        np.testing.assert_allclose(y, want, rtol=1e-14)
        bar = np.zeros_like(x)
        bar[0, 0, 0, 0] = size
        grads = pullback(bar)
        assert all(np.isfinite(g).all() for g in grads.values()) and grads["x"][0, 0, 0, 0] > 0
        assert not grads["x"][0, 1].any()
        np.testing.assert_allclose(grads["weight"][0, 0], size * want[0, 0, 0, 0], rtol=1e-14)
    x, bar = np.full((1, 2, 3, 1), 0.1), np.arange(6.0).reshape(1, 2, 3, 1)
    y, pullback = ref.vjp(x, one, zero, np.array(0.25))
    assert not y.any()
    np.testing.assert_array_equal(pullback(bar)["x"][0, :, :, 0], [[-2, 0, 2]] * 2)
    y, pullback = ref.vjp(np.full((1, 1, 1, 1), 7.0), np.ones((1, 1)), np.ones((1, 1)), np.array(1e-5))
    np.testing.assert_array_equal([y, pullback(y)["x"]], [[[[[1.0]]]], [[[[0.0]]]]])
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "eps must be positive and finite", x, one, one, np.array(bad))
    refused(ref, ArgumentError, "x must be finite", x * np.inf, one, one, np.array(1.0))


@row("modulated vectors", "scales and shifts of the ends of the range; a scale of −1; vectors of 1e300 and of equal "
     "components", ("adaln_modulation",), "it modulates nothing")
def modulated_vectors(ref):
    x, none = np.array([[[1.0, -3.0, 2.0]]]), np.zeros((1, 3))
    n = ref(x, none, none, np.array(1e-6))
    for size in (1e300, -1e300, 1e-300, 5e-324, 0.0):
        y, pullback = ref.vjp(x, none, none + size, np.array(1e-6))
        np.testing.assert_allclose(y, n * (1 + size), rtol=1e-15)
        grads = pullback(np.array([[[1.0, 0.0, 0.0]]]))
        assert all(np.isfinite(g).all() for g in grads.values())
        np.testing.assert_allclose(grads["scale"], [[n[0, 0, 0], 0, 0]], rtol=1e-15)
        np.testing.assert_allclose(ref(x, none + size, none, np.array(1e-6)), n + size, rtol=1e-15)
    y, pullback = ref.vjp(x, none + 7, none - 1, np.array(1e-6))
    np.testing.assert_array_equal(y, np.full_like(x, 7.0))
    assert not pullback(x)["x"].any()
    np.testing.assert_allclose(ref(1e300 * x, none, none, np.array(1e-6)), ref(x, none, none, np.array(5e-324)),
                               rtol=1e-14)
    y, pullback = ref.vjp(np.full((1, 2, 3), 0.1), none, none + 1, np.array(0.25))
    assert not y.any()
    np.testing.assert_array_equal(pullback(np.array([[[0.0, 1.0, 2.0]] * 2]))["x"], [[[-4.0, 0.0, 4.0]] * 2])
    for bad in (0.0, -1.0, np.inf, np.nan):
        refused(ref, ArgumentError, "eps must be positive and finite", x, none, none, np.array(bad))
    refused(ref, ArgumentError, "scale must be finite", x, none, none + np.inf, np.array(1.0))


@kernel("√(mean(x²) + ϵ) and its share ϵ/(mean(x²) + ϵ): the ends of the range, zeros, one component", root_mean_square)
def roots_of_mean_squares(dtype):
    most, tiny, least = ends(dtype)
    rows = np.array([[most / 4, -most / 4, 0], [1, 2, -2], [tiny, 0, -tiny], [0, 0, 0], [3e-3, 1e-3, 1e-5]], dtype)
    for eps in (1e-5, 1.0, least, tiny, most / 2):
        eps = np.asarray(eps, dtype)
        root, share = root_mean_square(rows, eps)
        square = np.sum(exact(rows) ** 2, axis=1)[:, None] / 3 + exact(eps)
        assert root.dtype == share.dtype == dtype
        near(root, np.frompyfunc(mp.sqrt, 1, 1)(square), 6)
        near(share, exact(eps) / square, 12)


@kernel("h − n mean(h n), also less its mean: along n, across it, where n is small, and of a single component",
        off_direction)
def off_directions(dtype):
    h = np.array([[1, 0, -4], [2, -6, 4], [1, 1, 1], [0, 0, 5], [1e-3, 7, 2]], dtype)
    for eps in (1e-12, 1e-6, 0.5, 1e4):
        for centred in (False, True):
            x = np.array([[1, -3, 2]] * 4 + [[0, 3, -3]], dtype)
            root, rest = root_mean_square(x, np.asarray(eps, dtype))
            n = x / root
            got = off_direction(h, n, rest, centred)
            e = mp.mpf(float(np.asarray(eps, dtype)))
            for at, (v, g) in enumerate(zip(exact(x), exact(h), strict=True)):
                g = g - np.sum(g) / 3 if centred else g
                square = np.sum(v * v) / 3 + e
                want = g - v * (np.sum(g * v) / 3) / square
                near(got[at], want, 16, np.array([np.max(np.abs(g))] * 3, object))
    for eps in (1e-12, 1e-30):  # of one component, and of two without their mean, the share alone is left
        root, rest = root_mean_square(np.array([[2], [7], [-3]], dtype), np.asarray(eps, dtype))
        h = np.array([[3], [5], [-7]], dtype)
        near(off_direction(h, np.array([[2], [7], [-3]], dtype) / root, rest, False), exact(h) * exact(rest), 4)
