"""Normalised log-probabilities: impossible, hopeless, equal and large logits."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row, same

NORMALISERS = ("log_sum_exp", "softmax", "log_softmax")
NORMALISES_NOTHING = "it normalises no logits"


@row("masked logits", "some logits −∞: probability and gradient exactly zero, the rest as without them",
     NORMALISERS, NORMALISES_NOTHING)
def masked_logits(ref):
    masked, kept = [1, 4], [0, 2, 3, 5, 6]
    arguments, _, (bar,) = drawn(ref)
    logits, bar = arguments["logits"].copy(), bar.copy()
    logits[:, masked] = -np.inf
    if bar.ndim > 1 and ref.name == "log_softmax":
        bar[:, masked] = 0  # of a log-probability of −∞ no finite loss makes use
    got = answers(ref, {"logits": logits}, {}, (bar,))
    left = bar[:, kept] if bar.ndim > 1 else bar
    want = answers(ref, {"logits": logits[:, kept]}, {}, (left,))
    assert (got["gradient.logits"][:, masked] == 0).all()
    if ref.name != "log_sum_exp":
        assert (got["output.value"][:, masked] == (0 if ref.name == "softmax" else -np.inf)).all()
    same({n: x[:, kept] if x.ndim > 1 else x for n, x in got.items()}, want, rtol=1e-14, atol=1e-15)


@row("one possible category", "all logits but one −∞: it is certain, and nothing can move it",
     NORMALISERS, NORMALISES_NOTHING)
def one_possible(ref):
    for size in (0.0, 3.5, 1e300, -1e300):
        logits = np.full((1, 5), -np.inf)
        logits[0, 3] = size
        value, pullback = ref.vjp(logits)
        certain = np.arange(5) == 3
        want = {"log_sum_exp": [size], "softmax": [certain], "log_softmax": [np.where(certain, 0, -np.inf)]}[ref.name]
        np.testing.assert_array_equal(value, want)
        bar = np.ones(1) if ref.name == "log_sum_exp" else 2.0 * certain[None]
        grad = pullback(bar)["logits"]
        np.testing.assert_array_equal(grad, [certain] if ref.name == "log_sum_exp" else np.zeros((1, 5)))


@row("hopeless logits", "all logits of a row −∞, or +∞ among them", NORMALISERS, NORMALISES_NOTHING)
def hopeless_logits(ref):
    logits = drawn(ref)[0]["logits"].copy()
    logits[3] = -np.inf
    assert "only −∞ in row [3]" in refused(ref, ArgumentError, "logits must ", logits)
    logits[3] = [0, 0, np.inf, 0, 0, 0, 0]
    assert "got inf at [3, 2]" in refused(ref, ArgumentError, "logits must ", logits)


@row("large and equal logits", "±1e4, ±1e300 (±1e37 in float32): finite; all equal: log K within rounding",
     NORMALISERS, NORMALISES_NOTHING)
def large_and_equal(ref):
    for dtype, sizes in (("float64", (1e4, 1e300)), ("float32", (1e4, 1e37))):
        for size in sizes:
            arguments, _, bars = drawn(ref, dtype=dtype)
            logits = arguments["logits"] * np.asarray(size, dtype)
            bars = tuple(bar.astype(dtype) for bar in bars)
            finite(answers(ref, {"logits": logits}, {}, bars))
            equal = ref(np.full((2, 8), size, dtype))
            log_eight = np.log(np.asarray(8, dtype))
            want = {"log_sum_exp": np.asarray(size, dtype) + log_eight, "softmax": 1 / 8, "log_softmax": -log_eight}
            np.testing.assert_allclose(equal, want[ref.name], rtol=2 * np.finfo(dtype).eps)


@row("logits further apart than a number", "±max/2 are not; at ±max/1.5 a log-probability is −∞",
     NORMALISERS, NORMALISES_NOTHING)
def apart_beyond_the_range(ref):
    for dtype in (np.float64, np.float32):
        most, bar = np.finfo(dtype).max, np.ones((1,) if ref.name == "log_sum_exp" else (1, 2), dtype)
        for size, least in ((most / 2, -most), (most / dtype(1.5), -np.inf)):
            logits = np.array([[size, -size]], dtype)
            with np.errstate(over="ignore" if np.isinf(least) else "raise"):  # beyond the range NumPy rightly warns
                value, pullback = ref.vjp(logits)
                grad = pullback(bar)["logits"]
            want = {"log_sum_exp": [size], "softmax": [[1, 0]], "log_softmax": [[0, least]]}[ref.name]
            np.testing.assert_array_equal(value, want)
            slope = {"log_sum_exp": [[1, 0]], "softmax": [[0, 0]], "log_softmax": [[-1, 1]]}[ref.name]
            np.testing.assert_array_equal(grad, slope)


@row("a certain category", "the largest logit leads by 700 (80 in float32): its gradient keeps its digits",
     NORMALISERS, NORMALISES_NOTHING)
def certain_category(ref):
    for dtype, lead in ((np.float64, 700), (np.float32, 80)):
        logits, unit = np.array([[lead, 0]], dtype), np.array([[1, 0]], dtype)
        grad = ref.vjp(logits)[1](unit[0, :1] if ref.name == "log_sum_exp" else unit)["logits"]
        tail = np.exp(-np.asarray(lead, dtype))
        want = [[1, tail]] if ref.name == "log_sum_exp" else [[tail, -tail]]
        np.testing.assert_allclose(grad, want, rtol=4 * np.finfo(dtype).eps, atol=0)
