"""Several of our outputs in one number of the candidate's."""

import autograd.numpy as np
import pytest
from autograd.tracer import getval

from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")


def sg(x):
    while getval(x) is not x:
        x = getval(x)
    return x


def loss(z, codebook, weight=1.0):
    """The loss of VQ-VAE tutorials, with the weight 0.25 inside."""
    k = np.argmin(np.sum((sg(z)[:, None] - sg(codebook)[None]) ** 2, axis=-1), axis=1)
    q = codebook[k]
    return np.sum((sg(z) - q) ** 2, axis=1) + weight * 0.25 * np.sum((z - sg(q)) ** 2, axis=1)


SUM = {"loss": {"codebook_loss": 1, "commitment_loss": 1}}
VQ = {"framework": "autograd", "fixed": {"beta": 0.25}}


def test_a_loss_in_one_number():
    found = check(loss, "vector_quantization", outputs=SUM, **VQ)
    assert {*found.by_role()} == {"output.loss", "gradient.z", "gradient.codebook"} and not found.certified
    check(lambda z, codebook: np.mean(loss(z, codebook)), "vector_quantization", outputs=SUM, reduction="mean", **VQ)


def test_weights():
    other = {"loss": {"codebook_loss": 1, "commitment_loss": 3.0}}
    check(lambda z, codebook: loss(z, codebook, 3.0), "vector_quantization", outputs=other, **VQ)
    for wrong in (1.0, 0.0, -3.0):
        with pytest.raises(AssertionError, match="vector_quantization: differs"):
            check(lambda z, codebook, w=wrong: loss(z, codebook, w), "vector_quantization", outputs=other, **VQ)


@pytest.mark.parametrize("outputs, told", [
    ({"loss": "codebook_loss"}, "an output must be a sum such as"),
    ({"loss": {"code": 1}}, "loss is a sum of 'code', which is not among quantized"),
    ({"loss": {"codebook_loss": "1"}}, "the weight of codebook_loss in loss must be a number, got '1'"),
    ({"loss": {"codebook_loss": 1, "quantized": 1}}, "a sum of outputs of several shapes"),
    ({}, "outputs is empty"),
])  # fmt: skip
def test_sums_that_say_nothing(outputs, told):
    with pytest.raises(Exception, match=told):
        check(loss, "vector_quantization", outputs=outputs, **VQ)


def test_a_sum_in_a_process_of_its_own(refdgm_check):
    run = refdgm_check("""
        import numpy as np
        def loss(z, codebook):
            k = np.argmin(((z[:, None] - codebook[None]) ** 2).sum(-1), axis=1)
            return {"loss": 1.25 * ((codebook[k] - z) ** 2).sum(1)}
        CANDIDATES = {"vector_quantization": {
            "function": loss, "fixed": {"beta": 0.25}, "gradients": [],
            "outputs": {"loss": {"codebook_loss": 1, "commitment_loss": 1}},
        }}
    """)
    assert run.code == 0, run.text
