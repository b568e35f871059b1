"""Sums of half-precision data: added up in float32 they agree, in half precision they are told."""

from dataclasses import replace

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.catalogue import CATALOGUE
from refdgm.check.judging.coarse import FAR, off
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import rounded
from refdgm.check.questions.question import Question, Terms
from refdgm.testing import check

pytestmark = pytest.mark.needs("torch")
SIZES = {"B": 4, "D": 1025, "E": 4}


def affine(adds_in):
    """An affine layer that adds up its products one by one in this dtype; its gradients are the library's."""
    import torch

    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, W, b):
            ctx.save_for_backward(x, W)
            dtype = {"float32": torch.float32, "own": x.dtype}[adds_in]
            total = torch.zeros(x.shape[0], W.shape[0], dtype=dtype)
            for d in range(x.shape[1]):
                total = total + x[:, d, None].to(dtype) * W[None, :, d].to(dtype)
            return (total + b.to(dtype)).to(x.dtype)

        @staticmethod
        def backward(ctx, bar):
            x, W = ctx.saved_tensors
            return bar @ W, bar.T @ x, bar.sum(0)

    return lambda x, W, b: Layer.apply(x, W, b)


def softmax(logits):
    """Its sum is added up one by one in the dtype of the data."""
    e = (logits - logits.amax(-1, keepdim=True)).exp()
    total = e[:, :1] * 0
    for k in range(e.shape[1]):
        total = total + e[:, k : k + 1]
    return e / total


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_sum_in_half_precision_is_told(dtype):
    with pytest.raises(AssertionError, match="accumulates coarsely") as told:
        check(affine("own"), "affine", dtype=dtype, sizes=SIZES, framework="torch")
    assert f"value accumulates in {dtype}" in str(told.value) and "at D = 17, 129, 1025" in str(told.value)


def test_what_is_below_the_normal_numbers_is_not_counted(refdgm_check):
    """Slopes of saturated units, of the order of 1e-13, are 0 in float16: added up in whatever dtype."""
    told = refdgm_check(None, "refdgm.candidates.torch_losses", "--select", "dbm_mean_field,rbm_conditionals",
                        "--dtype", "float16")
    assert told.code == 0, told.text

    class Spread:
        dtype = "float16"

        def spread(self, role):
            return np.asarray([1e-16, 1e-16, 1e-3])

    right = np.asarray([1e-13, 2e-13, 0.5])
    assert off(Spread(), "output.value", right, np.asarray([0, 0, 0.502])) == pytest.approx(2)


def test_nobody_has_to_ask_for_a_long_axis():
    """Of 23 products, the longest sum of a shipped case, a coarse one is off by less than right code may be."""
    with pytest.raises(AssertionError, match="accumulates coarsely"):
        check(affine("own"), "affine", dtype="bfloat16", framework="torch")
    check(affine("float32"), "affine", dtype="bfloat16", framework="torch")


def test_a_normaliser_in_half_precision_is_told():
    with pytest.raises(AssertionError, match="accumulates coarsely"):
        check(softmax, "softmax", dtype="bfloat16", sizes={"K": 1025}, framework="torch")


def test_who_means_it_says_so():
    check(affine("own"), "affine", dtype="bfloat16", sizes=SIZES, framework="torch", accumulate="bfloat16")


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_right_sums_pass(dtype):
    import torch

    plain = check(affine("float32"), "affine", dtype=dtype, sizes=SIZES, framework="torch")
    assert {o.verdict for _, o in plain.by_role()["output.value"]} == {"agrees"}
    every = lambda x, W, b: (x[:, None] * W).sum(-1) + b  # each product is rounded
    assert check(every, "affine", dtype=dtype, sizes=SIZES, framework="torch").verdict == "loses digits"
    library = lambda logits: torch.softmax(logits, -1)
    assert check(library, "softmax", dtype=dtype, sizes={"K": 1025}, framework="torch").verdict != "differs"


def test_4096_products_in_bfloat16_have_digits_to_compare():
    """Rounded to bfloat16 at every step a sum is not within what the question allows; rounded once it is."""
    ref = CATALOGUE["affine"]
    case = draw(ref, 0, "unit", {"B": 3, "D": 4096, "E": 3})
    question = Question(ref, case, Terms(("value",), ()), "bfloat16")
    x, W, b = (question.inputs[name] for name in ("x", "W", "b"))
    total = np.zeros((3, 3))
    for d in range(4096):
        total = rounded(total + rounded(x[:, d, None] * W[None, :, d], "bfloat16"), "bfloat16")
    tolerance = Tolerance(question, "bfloat16")
    once, stepwise = rounded(x @ W.T + b, "bfloat16"), rounded(total + b, "bfloat16")
    assert compare(tolerance, {"output.value": once}, [])[0].verdict == "agrees"
    assert compare(tolerance, {"output.value": stepwise}, [])[0].verdict != "agrees"


def test_a_form_that_cancels_more_in_longer_batches_adds_up_nothing_coarsely():
    """A slope of Wasserstein's distance as a difference of two shares near one half: the longer, the less is left."""
    ref, numbers = CATALOGUE["wasserstein_distance_1d"], np.random.default_rng(3).permutation(np.arange(-1025, 1030.0))
    case = draw(ref, 1, sizes={"B": 1025, "M": 1030})
    case = replace(case, arrays=case.arrays | {"input.real": numbers[:1025], "input.fake": numbers[1025:]})
    question = Question(ref, case, Terms(tuple(ref.result), ref.wrt), "float16")
    assert not question.meaningless  # all are apart in float16 too
    tolerance = Tolerance(question, "float16")
    (steps,) = (form for form in tolerance.forms.usual if form.function.func.__name__.endswith("of_steps"))
    native = tolerance.forms.natively(steps)
    assert all(off(tolerance, role, question.expected[role], native[role]) < FAR for role in native)
