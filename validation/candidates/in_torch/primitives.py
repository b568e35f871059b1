"""Softmax, softplus and Gaussians, by torch's own functions and distributions."""

import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence


def log_sum_exp(logits):
    return torch.logsumexp(logits, -1)


def softmax(logits):
    return F.softmax(logits, -1)


def log_softmax(logits):
    return F.log_softmax(logits, -1)


def softplus(x):
    return F.softplus(x)


def log_sigmoid(x):
    return F.logsigmoid(x)


def gaussian_log_density(x, mean, logvar):
    return Normal(mean, (logvar / 2).exp()).log_prob(x).sum(-1)


def gaussian_kl(mean, logvar):
    q = Normal(mean, (logvar / 2).exp())
    return kl_divergence(q, Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum(-1)


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return kl_divergence(Normal(mean_q, (logvar_q / 2).exp()), Normal(mean_p, (logvar_p / 2).exp())).sum(-1)


def categorical_kl(logits_p, logits_q):
    log_p, log_q = F.log_softmax(logits_p, -1), F.log_softmax(logits_q, -1)
    return F.kl_div(log_q, log_p, reduction="none", log_target=True).sum(-1)


def jensen_shannon_divergence(logits_p, logits_q):
    log_p, log_q = F.log_softmax(logits_p, -1), F.log_softmax(logits_q, -1)
    middle = torch.logaddexp(log_p, log_q) - torch.log(torch.tensor(2.0, dtype=log_p.dtype, device=log_p.device))
    both = F.kl_div(middle, log_p, reduction="none", log_target=True) + F.kl_div(
        middle, log_q, reduction="none", log_target=True)
    return both.sum(-1) / 2
