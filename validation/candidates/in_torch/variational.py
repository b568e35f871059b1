"""Variational autoencoders: draws and likelihoods."""

import torch
from torch.distributions import Bernoulli


def gaussian_reparameterization(mean, logvar, eps):
    return torch.addcmul(mean, (logvar / 2).exp(), eps)


def bernoulli_log_likelihood(logits, x):
    each = Bernoulli(logits=logits, validate_args=False).log_prob(x)
    return each.flatten(1).sum(-1) if x.ndim > 1 else each
