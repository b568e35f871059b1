"""Kernels that are right in one block and wrong in the next: the axes of most certified cases are short, so long ones
are asked by default. What is wrong in a certified one already is told by its length, 130 or 1025."""

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import options_grid
from refdgm.check.questions.cases import AROUND, tiles
from refdgm.check.questions.fixed import longer
from refdgm.testing import check

WRONG = {
    "a mask that leaks beyond 64 columns": ("softmax", """
def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return e / np.sum(e[:, :64], axis=-1, keepdims=True)
""", "K ≥ 130"),
    "a running sum that is not rescaled": ("softmax", """
def softmax(logits):
    top, total = -np.inf, 0.0
    for start in range(0, logits.shape[1], 64):
        block = logits[:, start : start + 64]
        top = np.maximum(top, np.max(block, axis=-1, keepdims=True))
        total = total + np.sum(np.exp(block - top), axis=-1, keepdims=True)
    return np.exp(logits - top) / total
""", "K ≥ 130"),
    "a last block that is ragged, and left out": ("gaussian_kl", """
def gaussian_kl(mu, log_var):
    whole = max(mu.shape[1] // 128 * 128, min(mu.shape[1], 127))
    terms = 0.5 * (np.exp(log_var) + mu**2 - 1 - log_var)
    return np.sum(terms[:, :whole], axis=-1)
""", "D ≥ 130"),
    "a grid of blocks that ends at 1024 rows": ("log_softmax", """
def log_softmax(logits):
    top = np.max(logits, axis=-1, keepdims=True)
    right = logits - top - np.log(np.sum(np.exp(logits - top), axis=-1, keepdims=True))
    return np.concatenate([right[:1024], 0 * right[1024:]])
""", "B ≥ 1025"),
}
ONLINE = """
def softmax(logits):
    top, total = np.full_like(logits[:, :1], -np.inf), 0.0
    for start in range(0, logits.shape[1], 64):
        block = logits[:, start : start + 64]
        higher = np.maximum(top, np.max(block, axis=-1, keepdims=True))
        total = total * np.exp(top - higher) + np.sum(np.exp(block - higher), axis=-1, keepdims=True)
        top = higher
    return np.exp(logits - top) / total
"""


def function(text):
    import autograd.numpy as anp

    space = {"np": anp}
    exec(text, space)
    return next(f for name, f in space.items() if name in CATALOGUE)


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_beyond_a_block_differs(kind):
    name, text, where = WRONG[kind]
    with pytest.raises(AssertionError) as told:
        check(function(text), name, framework="autograd")
    assert f"{name} differs" in str(told.value) and f"only where {where}" in str(told.value)


def test_a_gradient_of_the_first_block_of_rows_differs():
    def affine(x, W, b):
        return x @ W.T + b, lambda bar: {"x": bar @ W, "W": bar[:64].T @ x[:64], "b": bar[:64].sum(0)}

    with pytest.raises(AssertionError, match="only where B ≥ 130"):
        check(affine, "affine", framework="numpy")


def test_a_softmax_in_blocks_passes_and_the_summary_tells_the_lengths(refdgm_check):
    run = refdgm_check("import autograd.numpy as np\n" + ONLINE)
    told = "30 of 30 cases answered (certified), 6 of 6 with an axis of up to 1025 (float64 reference)"
    assert run.code == 0 and told in " ".join(run.text.split())
    assert [case["id"] for case in run.report["functions"][0]["cases"] if "tiles" in case["flags"]] == [
        f"softmax/{symbol}={n}" for symbol in "BK" for n in AROUND
    ]


def test_a_convention_is_asked_in_long_axes_too():
    def guidance(cond, uncond, w):
        right = (1 + w) * cond - w * uncond
        return right, lambda bar: {"eps_cond": (1 + w) * bar, "eps_uncond": -w * bar,
                                   "gamma": np.sum(bar[:64] * (cond - uncond)[:64])}

    arguments = ["eps_cond", "eps_uncond", "gamma"]
    with pytest.raises(AssertionError, match="only where B ≥ 65"):
        check(guidance, "classifier_free_guidance", framework="numpy", arguments=arguments, strict=True)


def test_who_differs_already_or_chooses_sizes_is_not_asked_more():
    calls = []

    def softmax(logits, scale=1.0):
        calls.append(logits.shape)
        e = np.exp(logits - logits.max(-1, keepdims=True))
        p = scale * e / e.sum(-1, keepdims=True)
        return p, lambda bar: {"logits": p * (bar - (p * bar).sum(-1, keepdims=True))}

    with pytest.raises(AssertionError):
        check(lambda logits: softmax(logits, 1.5), "softmax", framework="numpy")
    assert min(AROUND) not in {n for shape in calls for n in shape}
    calls.clear()
    check(softmax, "softmax", framework="numpy", sizes={"K": 11, "B": 3})
    assert set(calls) == {(3, 11)}
    calls.clear()
    check(softmax, "softmax", framework="numpy")
    assert {max(shape) for shape in calls if max(shape) > 60} == set(AROUND)


def test_who_is_not_trusted_learns_nothing_from_a_second_round():
    """Long axes come among the others, so that none says that what came before was passed."""
    calls = []

    def softmax(logits):
        calls.append(max(logits.shape) >= min(AROUND))
        e = np.exp(logits - logits.max(-1, keepdims=True))
        p = e / e.sum(-1, keepdims=True)
        return p, lambda bar: {"logits": p * (bar - (p * bar).sum(-1, keepdims=True))}

    check(softmax, "softmax", framework="numpy", untrusted=True, seed=5)
    first = calls[: len(calls) // 2]
    assert sum(first) == sum(calls) / 2 == 6 + 2 and not all(first[-8:])


def test_fixed_words_and_numbers_hold_in_long_axes_too():
    words = longer(CATALOGUE["simple_loss"], 3, {"target": "v"})
    assert len(words) == 6 and {case.options["target"] for case in words} == {"v"}
    numbers = longer(CATALOGUE["vector_quantization"], 3, {"beta": 0.25})
    assert len(numbers) == 9 and all(float(case.arguments()["beta"]) == 0.25 for case in numbers)


def test_the_long_cases_of_every_reference_can_be_asked():
    """One axis is long in each, the inputs lie in their support, and the seed changes them."""
    for name, ref in CATALOGUE.items():
        cases = tiles(ref, 0, options_grid(ref))
        for case, other in zip(cases, tiles(ref, 1, options_grid(ref)), strict=True):
            arguments = case.arguments()
            ref.validate(*(arguments[argument] for argument in ref.arrays), **case.options)
            flat = [x for x in case.arrays.values() if x.ndim]
            assert sum(n >= min(AROUND) for n in {n for x in flat for n in x.shape}) == 1, (name, case.id)
            assert any(not np.array_equal(x, other.arrays[role]) for role, x in case.arrays.items())
