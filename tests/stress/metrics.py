"""Metrics of samples: classifiers without doubt."""

import numpy as np

from refdgm import CATALOGUE

from .rows import answers, drawn, finite, row, same

NO_SCORE = "it is no score of a classifier"


@row("classifiers without doubt", "±1e4 and ±1e300: one of each class, one alone, a class that none has",
     ("inception_score",), NO_SCORE)
def without_doubt(ref):
    for dtype, sizes in ((np.float64, (1e4, 1e300)), (np.float32, (1e4, 1e37))):
        for size in sizes:
            sure = np.asarray(size * np.eye(3, 4), dtype)
            twice = np.concatenate([sure[:2], sure[:2]])
            for logits, want in ((sure, 3), (sure[:1], 1), (twice, 2), (-sure[:, :2], None)):
                value, pullback = ref.vjp(logits)
                slopes = pullback(np.ones((), dtype))["logits"]
                assert np.isfinite(value) and np.isfinite(slopes).all()
                if want:
                    np.testing.assert_allclose(value, want, rtol=1e-6)
                    np.testing.assert_allclose(slopes, 0 * logits, atol=1e-30)


@row("contrasts without doubt", "products of ±1e4, and of 1e150 by vectors or by τ: 0 or as large, never NaN",
     ("info_nce",), "it is no contrast of pairs")
def contrasts_without_doubt(ref):
    for dtype, sizes in ((np.float64, (1e4, 1e150)), (np.float32, (1e4, 1e18))):
        eye = np.eye(3, dtype=dtype)
        for size in sizes:
            for query, tau in ((size * eye, 1.0), (eye, 1 / size)):
                for sign, want in ((1, 0.0), (-1, size)):
                    value, pullback = ref.vjp(np.asarray(query, dtype), sign * eye, np.asarray(tau, dtype))
                    np.testing.assert_allclose(value, want, rtol=1e-3)
                    assert all(np.isfinite(x).all() for x in pullback(np.asarray(1, dtype)).values())


@row("batches far away, and of any size", "around 1e6 and 1e150 apart; 1e±100 times as large; all samples one point",
     ("frechet_inception_distance",), "it is no distance of two batches")
def batches_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    away = answers(ref, {name: x + 2.0**20 for name, x in arguments.items()}, options, bars)
    same(away, plain, rtol=1e-8)
    for size in (1e-100, 1e100):
        got = answers(ref, {name: size * x for name, x in arguments.items()}, options, bars)
        for role, x in got.items():
            np.testing.assert_allclose(x, plain[role] * (size if "gradient" in role else size**2), rtol=1e-10)
    x, y = arguments.values()
    got = answers(ref, {"real": x, "fake": 0 * y + y[:1]}, options, bars)
    finite(got)
    spread = np.sum((x - x.mean(0)) ** 2) / (len(x) - 1)
    np.testing.assert_allclose(got["output.value"], spread + np.sum((x.mean(0) - y[0]) ** 2), rtol=1e-13)
    got = answers(ref, {"real": x, "fake": x}, options, bars)
    finite(got)
    assert 0 <= got["output.value"] < 1e-28


@row("features of any size", "1e-200 and 1e100, whose cubes are beyond no number: first moments alone, and third ones",
     ("kernel_inception_distance",), "it has no cubic kernel")
def features_of_any_size(ref):
    arguments, options, bars = drawn(ref)
    x, y = arguments.values()
    b, m, d = len(x), len(y), x.shape[1]
    pairs = lambda v, n: np.sum((v @ v.T) ** n) - np.sum(np.sum(v * v, axis=1) ** n)
    mean = lambda n: pairs(x, n) / (b * (b - 1)) + pairs(y, n) / (m * (m - 1)) - 2 * np.sum((x @ y.T) ** n) / (b * m)
    for size, power, weight in ((1e-100, 1, 3), (1e50, 3, 1)):
        got = answers(ref, {name: size * v for name, v in arguments.items()}, options, bars)
        finite(got)
        np.testing.assert_allclose(got["output.value"], weight * mean(power) * (size * size / d) ** power, rtol=1e-11)


@row("covariances of any condition", "units of 1e±10 in one matrix, and of 1e±60, whose slopes are lost; conditions of "
     "1e12; of few samples, as those who take them say; 1e±200 times as large; means 2⁴⁰ away", ("frechet_distance",),
     "it takes no covariance")
def covariances_of_any_condition(ref):
    arguments, options, bars = drawn(ref)
    plain = answers(ref, arguments, options, bars)
    away = {name: x + 2.0**40 if "mean" in name else x for name, x in arguments.items()}
    same(answers(ref, away, options, bars), plain, rtol=1e-3)  # what is left of the means' own digits
    means = {name: 0 * x for name, x in arguments.items() if "mean" in name}
    there = answers(ref, arguments | means, options, bars)
    for size in (1e-200, 1e200):
        got = answers(ref, arguments | means | {name: size * x for name, x in arguments.items() if "cov" in name},
                      options, bars)
        for role, x in got.items():
            np.testing.assert_allclose(x, there[role] * (size if role == "output.value" else 1), rtol=1e-9)
    wide, units = np.diag([1.0, 4.0, 9.0]), np.diag([1e-10, 1.0, 1e10])
    got = answers(ref, arguments | means | {"cov_p": wide, "cov_q": units}, options, bars)
    np.testing.assert_allclose(got["output.value"], (1 - 1e-5) ** 2 + 1 + (3 - 1e5) ** 2, rtol=1e-14)
    slopes = [1 - 1e-5, 1 / 2, 1 - 1e5 / 3]
    np.testing.assert_allclose(got["gradient.cov_p"], float(bars[0]) * np.diag(slopes), rtol=1e-10, atol=1e-10)
    with np.errstate(all="ignore"):  # of factors 10⁶⁰ apart nothing is told that is not so
        got = answers(ref, arguments | means | {"cov_p": wide, "cov_q": units**6}, options, bars)
    np.testing.assert_allclose(got["output.value"], 1e60, rtol=1e-14)
    assert not np.isfinite(got["gradient.cov_p"]).any() and not np.isfinite(got["gradient.cov_q"]).any()
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    sizes = np.asarray([1.0, 1e-6, 1e-12])
    thin = (turn * sizes) @ turn.T
    thin = (thin + thin.T) / 2
    got = answers(ref, arguments | means | {"cov_p": thin, "cov_q": np.eye(3)}, options, bars)
    np.testing.assert_allclose(got["output.value"], np.sum((1 - np.sqrt(sizes)) ** 2), rtol=1e-9)
    finite(got)
    x, y = np.asarray([[1.0, 2, 3], [3, 2, 2]]), np.asarray([[0.0, 1, 5], [2, 2, 2], [1, 3, 2]])
    cov_p, cov_q = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    moments = {"mean_p": x.mean(0), "cov_p": cov_p, "mean_q": y.mean(0), "cov_q": cov_q}
    with np.errstate(all="ignore"):
        got = answers(ref, moments, options, bars)
    np.testing.assert_allclose(got["output.value"], CATALOGUE["frechet_inception_distance"](x, y), rtol=1e-7)
    assert not np.isfinite(got["gradient.cov_p"]).any() and not np.isfinite(got["gradient.cov_q"]).any()
