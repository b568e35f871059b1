"""Categories, relaxed and quantized.

The noise of `torch.nn.functional.gumbel_softmax` is drawn inside; here it is handed in through the one
method by which that function draws it.
"""

from types import SimpleNamespace
from unittest import mock

import torch
import torch.nn.functional as F
from torch.distributions import RelaxedOneHotCategorical


def with_noise(gumbel, function, *args, **options):
    """Call `function`, whose noise is -log E for exponential E: here log E is -g, without the rounding of e^{-g}."""

    def exponential_(self, *_, **__):
        return SimpleNamespace(log=lambda: -gumbel)

    with mock.patch.object(torch.Tensor, "exponential_", exponential_):
        return function(*args, **options)


def gumbel_max(logits, gumbel):
    return (logits + gumbel).argmax(-1)


def gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, dim=-1)


def straight_through_gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, hard=True, dim=-1)


def concrete_log_density(c, logits, tau):
    return RelaxedOneHotCategorical(tau, logits=logits, validate_args=False).log_prob(c)


def relaxed_codebook(c, codebook):
    return c @ codebook


def vector_quantization(z, codebook, beta):
    code = (z[:, None] - codebook[None]).detach().square().sum(-1).argmin(-1)
    chosen = F.embedding(code, codebook)
    return {
        "code": code,
        "quantized": z + (chosen - z).detach(),
        "codebook_loss": F.mse_loss(chosen, z.detach(), reduction="none").sum(-1),
        "commitment_loss": beta * F.mse_loss(z, chosen.detach(), reduction="none").sum(-1),
    }


def score_function_estimator(log_prob, cost, baseline):
    signal = (cost - baseline[:, None]).detach()
    return (cost + signal * (log_prob - log_prob.detach())).mean(-1)


def leave_one_out_estimator(log_prob, cost):
    f = cost.detach()
    others = (f.sum(-1, keepdim=True) - f) / (f.shape[-1] - 1)
    return (cost + (f - others) * (log_prob - log_prob.detach())).mean(-1)
