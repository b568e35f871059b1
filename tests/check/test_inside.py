"""Products of fewer bits than float32 has are told by their number, and nothing else is taken for them."""

import re
from statistics import median

import pytest

from refdgm.testing import check

pytestmark = [pytest.mark.needs("torch"), pytest.mark.usefixtures("measured_together")]


def product(bits):
    """x Wᵀ whose factors are rounded to so many bits where they are float32, as a graphics processor does, and so are
    the products of its gradients."""
    import torch

    def short(x):
        if x.dtype != torch.float32:
            return x
        spare = 1 << (24 - bits)
        return ((x.contiguous().view(torch.int32) + spare // 2) & -spare).view(torch.float32)

    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, W):
            ctx.save_for_backward(x, W)
            return short(x) @ short(W).T

        @staticmethod
        def backward(ctx, bar):
            x, W = ctx.saved_tensors
            return short(bar) @ short(W), short(bar).T @ short(x)

    return Product.apply


def affine(bits):
    return lambda x, W, b: product(bits)(x, W) + b


def mlp(bits):
    import torch

    acts = {"relu": torch.relu, "tanh": torch.tanh, "softplus": lambda a: torch.logaddexp(a, a * 0),
            "silu": torch.nn.functional.silu}  # fmt: skip

    def network(x, theta, *, activation):
        layers = sum(name.startswith("W") for name in theta)
        for n in range(1, layers + 1):
            x = product(bits)(x, theta[f"W{n}"]) + theta[f"b{n}"]
            x = acts[activation](x) if n < layers else x
        return x

    return network


def asked(candidate, reference, **more):
    sizes = {"B": 7, "D": 5} | ({"E": 3} if reference == "affine" else {"hidden": (11,)})
    return check(candidate, reference, dtype="float32", framework="torch", sizes=sizes, **more)


def notes(checked):
    return {role: {outcome.note for _, outcome in each} for role, each in checked.by_role().items()}


@pytest.mark.parametrize("bits", [11, 8])
@pytest.mark.parametrize("layer, reference", [(affine, "affine"), (mlp, "mlp")])
def test_it_is_told(layer, reference, bits):
    """Not where the numbers of a case are so short that nothing is lost."""
    checked = asked(layer(bits), reference)
    notes = [outcome.note for _, outcome in checked.by_role()["output.value"]]
    found = [re.search(r"in float32 about (\d+) of 24 bits", note) for note in notes]
    told = [int(match[1]) for match in found if match]
    assert len(told) > len(found) / 4 and abs(median(told) - bits) <= 2
    with pytest.raises(AssertionError, match="loses digits"):
        asked(layer(bits), reference, strict=True)


@pytest.mark.parametrize("layer, reference", [(affine, "affine"), (mlp, "mlp")])
def test_all_bits_are_not(layer, reference):
    found = notes(asked(layer(24), reference))
    assert not any("inside" in note for each in found.values() for note in each)


def test_a_form_that_cancels_is_not():
    """It loses digits in float64 too."""
    def softmax(logits):
        e = (logits - logits.amax(-1, keepdim=True)).exp()
        return (100 - (100 - e / e.sum(-1, keepdim=True)))

    found = notes(check(softmax, "softmax", dtype="float32", framework="torch"))["output.value"]
    assert any("shrinks" in note for note in found) and not any("inside" in note for note in found)
