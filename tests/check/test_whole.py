"""Numbers that are cut and not rounded are within every bound, and told."""

import numpy as np
import pytest

from refdgm.testing import check

pytestmark = pytest.mark.needs("torch")


def stored(cut):
    """A layer that adds up in float32 and stores bfloat16: by rounding, or by the upper two bytes alone."""
    import torch

    def to_bfloat16(y):
        return (y.view(torch.int32) & -65536).view(torch.float32).bfloat16() if cut else y.bfloat16()

    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, W, b):
            ctx.save_for_backward(x, W)
            return to_bfloat16((x.float() @ W.float().T + b.float()).contiguous())

        @staticmethod
        def backward(ctx, bar):
            x, W = ctx.saved_tensors
            return bar @ W, bar.T @ x, bar.sum(0)

    return Layer.apply


def test_a_store_that_cuts_is_told_and_passes():
    checked = check(stored(True), "affine", dtype="bfloat16", framework="torch")
    (note,) = [note for note in checked.notes if "toward zero" in note]
    assert note.startswith("value: ") and checked.verdict in ("agrees", "loses digits")
    toward, many = map(int, note.split(": ")[1].split(" errors")[0].split(" of "))
    assert many > 500 and toward == many


def test_a_store_that_rounds_is_not():
    checked = check(stored(False), "affine", dtype="bfloat16", framework="torch")
    assert not [note for note in checked.notes if "toward zero" in note]


def test_a_store_away_from_zero_is_not_called_cut():
    def affine(x, W, b):
        y = (x.astype(np.float64) @ W.astype(np.float64).T + b) * (1 + 2.0**-24)
        return y.astype(np.float32), lambda bar: {"x": bar @ W, "W": bar.T @ x, "b": bar.sum(0)}

    assert not [note for note in check(affine, "affine", dtype="float32").notes if "toward zero" in note]
