"""Divergences of laws: logits of any size, categories that are excluded, laws that are one."""

import mpmath
import numpy as np
from mpmath import mp

from refdgm.numerics.log_ratio import (
    entropy_of_choice,
    log_ratio,
    relative_entropies,
    second_less_first,
    softplus_between,
)

from .kernels import each, near
from .rows import answers, finite, kernel, row

LAWS, NO_LAWS = ("categorical_kl", "jensen_shannon_divergence"), "it compares no two laws"


def asked(ref, a, b):
    a, b = np.array(a, float), np.array(b, float)
    return answers(ref, {"logits_p": a, "logits_q": b}, {}, (np.ones(len(a)),))


@row("excluded categories", "−∞ in both laws is as if the category were not there; in the first alone it costs q's"
     " share; the slopes are 0", LAWS, NO_LAWS)
def excluded(ref):
    none, a, b = -np.inf, [[0.5, 1, -2]], [[1.0, 0.25, 3]]
    want, got = asked(ref, a, b), asked(ref, [[0.5, none, 1, -2]], [[1.0, none, 0.25, 3]])
    np.testing.assert_array_equal(got["output.value"], want["output.value"])
    for name in ("gradient.logits_p", "gradient.logits_q"):
        np.testing.assert_array_equal(np.delete(got[name], 1, axis=1), want[name])
        assert not got[name][0, 1]
    got, nearly = asked(ref, [[0.5, none, 1]], [[1.0, 0, 3]]), asked(ref, [[0.5, -800, 1]], [[1.0, 0, 3]])
    finite(got)
    for name, x in got.items():
        np.testing.assert_allclose(x, nearly[name], rtol=1e-15)


@row("laws of any size of logits", "±1e3, ±1e150, one category, hundreds of them: numbers, and right where known",
     LAWS, NO_LAWS)
def any_size(ref):
    for size in (1e3, 1e150):
        got = asked(ref, [[size, 0, -size]], [[-size, 0, size]])
        finite(got)
        np.testing.assert_allclose(got["output.value"], 2 * size if ref.name == "categorical_kl" else np.log(2))
    one = asked(ref, [[-1e308], [3.0]], [[1e308 / 2], [-40.0]])
    assert not any(x.any() for x in one.values())
    many = asked(ref, np.zeros((2, 700)), np.full((2, 700), 5.0))
    assert not any(x.any() for x in many.values())


def pairs(dtype):
    """(a, b): near, apart, sure of one thing or of two."""
    rng = np.random.Generator(np.random.Philox(key=11))
    a = np.round(rng.normal(size=(6, 4)) * 64).astype(dtype) / 64
    steps = np.array([2.0**-20, 2.0**-6, 0, 1, 8, 30])[:, None]
    b = a + steps * np.round(rng.normal(size=(6, 4)) * 16).astype(dtype) / 16
    return a.astype(dtype), b.astype(dtype)


@kernel("log(p / q), of laws that are near and apart, and of what one excludes", log_ratio)
def logarithms_of_ratios(dtype):
    a, b = pairs(dtype)
    p, q, d, u = log_ratio(a, b)
    for row_a, row_b, *got in zip(a, b, p, q, d, u, strict=True):
        x, y = [mp.exp(mp.mpf(float(v))) for v in row_a], [mp.exp(mp.mpf(float(v))) for v in row_b]
        x, y = [v / sum(x) for v in x], [v / sum(y) for v in y]
        logs = [mp.log(v / w) for v, w in zip(x, y, strict=True)]
        k = int(np.argmax(row_a))
        size = max(abs(v - logs[k]) for v in logs)
        gap = max(row_b) - row_b[k] + 1 if size > 1 else 0
        near(got[0], x, 40)
        near(got[1], y, 60)
        near(got[2], logs, 4, size + gap)
        near(got[3], [v - logs[k] for v in logs], 1, size)
    none = -np.inf
    d = log_ratio(np.array([[0, none, none, 1]], dtype), np.array([[none, 0, none, 1]], dtype)).d
    assert d[0, 0] > 1e29 and d[0, 1] < -1e29 and abs(d[0, 2]) < 2 and np.isfinite(d).all()


def ratios(dtype):
    d = np.array([0, 1e-30, 1e-12, 1e-4, 0.1, 0.4999, 0.5, 0.5001, 1, 1.999, 2, 2.001, 5, 20, 80, 1e4], dtype)
    return np.concatenate([d, -d])


@kernel("p log(p / q) − p + q and q − p, of ratios from the smallest to e^±1e4", relative_entropies, second_less_first)
def terms_of_a_divergence(dtype):
    d = ratios(dtype)
    p = np.where(d > 0, dtype(0.75), dtype(0.75) * np.exp(np.clip(d, -80, 0)))
    d = np.maximum(d, -80)
    q = np.exp(-d) * p
    exactly = lambda f: each(lambda x, t: f(x, x * mp.exp(-t), t), p, d)
    near(relative_entropies(p, q, d), exactly(lambda x, y, t: x * t - x + y), 60)
    near(second_less_first(p, q, d), exactly(lambda x, y, t: y - x), 60)


@kernel("log(2) − H(1 / (1 + exp(−d))), from 0 on both sides to log 2", entropy_of_choice)
def entropies_of_choices(dtype):
    def textbook(t):
        s = 1 / (1 + mpmath.exp(-t))
        return mp.log(2) + s * mp.log(s) + ((1 - s) * mp.log(1 - s) if s != 1 else 0)

    d = np.clip(ratios(dtype), -90, 90)
    near(entropy_of_choice(d), each(textbook, d), 12)


@kernel("log(1 + exp(high)) − log(1 + exp(low)), near and far, in both tails", softplus_between)
def softplus_of_both_ends(dtype):
    low = np.array([0, 0, 1, -1, 30, -30, -30, 40, -60, 3], dtype)
    w = np.array([2.0**-12, -(2.0**-12), 0.25, -0.25, 0.4, -0.4, 10, -80, 100, 0], dtype)
    want = each(lambda a, t: mp.log1p(mp.exp(a + t)) - mp.log1p(mp.exp(a)), low, w)
    near(softplus_between(low, low + w, w), want, 40)
