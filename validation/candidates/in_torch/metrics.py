"""Scores and distances of whole batches."""

import math

import torch
import torch.nn.functional as F


def inception_score(logits):
    s = F.log_softmax(logits, 1)
    marginal = torch.logsumexp(s, 0) - math.log(len(s))
    return F.kl_div(marginal.expand_as(s), s, reduction="batchmean", log_target=True).exp()


def frechet_inception_distance(real, fake):
    apart = real.mean(0) - fake.mean(0)
    f, g = ((x - x.mean(0)) / math.sqrt(len(x) - 1) for x in (real, fake))
    crossed = f @ g.T
    root = torch.linalg.matrix_norm(crossed.to(torch.promote_types(crossed.dtype, torch.float32)), "nuc")
    return apart.square().sum() + f.square().sum() + g.square().sum() - 2 * root.to(crossed.dtype)
