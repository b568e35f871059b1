"""Scores and distances of whole batches."""

import math

import torch
import torch.nn.functional as F


def inception_score(logits):
    s = F.log_softmax(logits, 1)
    marginal = torch.logsumexp(s, 0) - math.log(len(s))
    return F.kl_div(marginal.expand_as(s), s, reduction="batchmean", log_target=True).exp()
