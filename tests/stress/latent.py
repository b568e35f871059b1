"""Categories and codes: temperatures, impossible and equal entries, offsets."""

import numpy as np

from refdgm import CATALOGUE, ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row, same

RELAXED = ("gumbel_softmax", "straight_through_gumbel_softmax")
DRAWS = ("gumbel_max", *RELAXED)
VQ = ("vector_quantization",)
NO_TEMPERATURE, NO_LOGITS, NO_CODES = "it has no temperature", "it draws no category", "it has no codebook"


@row("temperatures", "τ from 1e-8 to 1e8, 1e-45 and the smallest number, in both dtypes", RELAXED, NO_TEMPERATURE)
def temperatures(ref):
    for dtype, smallest in ((np.float64, 5e-324), (np.float32, 1e-45)):
        arguments, _, bars = drawn(ref, dtype=np.dtype(dtype).name)
        for tau in (1e-8, 1e-4, 1.0, 1e4, 1e8, 1e-45, smallest):
            arguments["tau"] = np.asarray(tau, dtype)
            got = answers(ref, arguments, {}, bars)
            finite(got)
            np.testing.assert_allclose(got["output.value"].sum(-1), 1, rtol=4 * np.finfo(dtype).eps)
            if tau <= 1e-8:
                hard = CATALOGUE["gumbel_max"](arguments["logits"], arguments["gumbel"])
                assert (got["output.value"] == np.eye(7)[hard]).all() and not got["gradient.logits"].any()
            if tau == 1e8 and ref.name == "gumbel_softmax":
                np.testing.assert_allclose(got["output.value"], 1 / 7, rtol=1e-6)
        for tau in (0.0, -1.0, np.nan, np.inf):
            refused(ref, ArgumentError, "tau must be positive and finite", *(arguments | {"tau": tau}).values())


@row("impossible categories", "some logits −∞: y and the gradient are exactly zero there, the rest as without them",
     RELAXED, NO_LOGITS + " with a derivative")
def impossible_categories(ref):
    for tau in (5e-324, 1e-8, 0.5, 1e8, 1e300):
        (arguments, _, bars) = drawn(ref)
        arguments["tau"] = np.asarray(tau)
        logits = arguments["logits"].copy()
        logits[:, [1, 4]] = -np.inf
        got = answers(ref, arguments | {"logits": logits}, {}, bars)
        finite(got)
        for name in ("output.value", "gradient.logits"):
            assert (got[name][:, [1, 4]] == 0).all()
        kept = [0, 2, 3, 5, 6]
        left = {n: x[:, kept] if x.ndim else x for n, x in arguments.items()}
        want = answers(ref, left, {}, tuple(bar[:, kept] for bar in bars))
        same({n: x[:, kept] if np.ndim(x) else x for n, x in got.items()}, want, rtol=1e-13, atol=1e-15)


@row("hopeless rows", "all logits of a row −∞, +∞ among them, noise of ±∞", DRAWS, NO_LOGITS)
def hopeless_rows(ref):
    arguments, _, _ = drawn(ref)
    logits = arguments["logits"].copy()
    logits[3] = -np.inf
    spoiled = arguments | {"logits": logits}
    assert "only −∞ in row [3]" in refused(ref, ArgumentError, "logits must ", *spoiled.values())
    logits[3] = [0, 0, np.inf, 0, 0, 0, 0]
    assert "got inf at [3, 2]" in refused(ref, ArgumentError, "logits must ", *spoiled.values())
    for infinity in (np.inf, -np.inf):
        noise = arguments["gumbel"].copy()
        noise[0, 1] = infinity
        assert "[0, 1]" in refused(ref, ArgumentError, "gumbel must ", *(arguments | {"gumbel": noise}).values())


@row("ties", "equal scores: the first wins, the hard draw is exactly one-hot", DRAWS, NO_LOGITS)
def ties(ref):
    arguments, _, _ = drawn(ref)
    logits, zero = np.zeros((2, 4)), np.zeros((2, 4))
    logits[1] = [-1, 3, 3, 3]
    draws = ref(logits, zero, *([1e-300] if "tau" in arguments else []))
    want = {"gumbel_max": [0, 1], "gumbel_softmax": [[0.25] * 4, [0, 1 / 3, 1 / 3, 1 / 3]],
            "straight_through_gumbel_softmax": [[1, 0, 0, 0], [0, 1, 0, 0]]}[ref.name]
    np.testing.assert_array_equal(draws, want)


@row("large logits", "logits of ±1e4 and ±1e300", DRAWS, NO_LOGITS)
def large_logits(ref):
    for size in (1e4, 1e300):
        arguments, _, bars = drawn(ref)
        arguments["logits"] = arguments["logits"] * size
        finite(answers(ref, arguments, {}, bars))


@row("codes", "z equal to a code: distance and gradient exactly 0; equal codes: the first", VQ, NO_CODES)
def codes(ref):
    z = np.array([[1.0, 2.0], [3.0, 4.0]])
    codebook = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0], [1.0, 2.0]])
    out, pullback = ref.vjp(z, codebook, 0.25)
    assert (out.code == [1, 2]).all() and (out.quantized == z).all()
    assert (out.codebook_loss == 0).all() and (out.commitment_loss == 0).all()
    grads = pullback(commitment_loss_bar=np.ones(2), codebook_loss_bar=np.ones(2))
    assert not any(np.any(grad) for grad in grads.values())
    between = ref(np.array([[0.5, 1.0]]), codebook, 0.25)
    assert between.code == [0]


@row("far codes", "an offset of 1e5 and a scale of 1e-2: the right code", VQ, NO_CODES)
def far_codes(ref):
    rng = np.random.default_rng(0)
    codebook = np.round(rng.normal(size=(16, 4)) * 1024) * 2.0**-17  # exact at the offset
    z = np.round(rng.normal(size=(200, 4)) * 1024) * 2.0**-17
    near, far = ref(z, codebook, 1.0), ref(z + 1e5, codebook + 1e5, 1.0)
    np.testing.assert_array_equal(near.code, far.code)
    np.testing.assert_array_equal(near.codebook_loss, far.codebook_loss)
