"""Gaussian mixtures and score matching; derivatives with respect to x are autograd's."""

import torch
import torch.nn.functional as F
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from .nets import mlp


def fisher_divergence(score, target):
    return F.mse_loss(score, target, reduction="none").reshape(len(score), -1).sum(-1) / 2


def mixture(logits, means, factors, a, sigma):
    covariance = (a * factors) @ (a * factors).mT + sigma**2 * torch.eye(means.shape[1], dtype=means.dtype)
    return MixtureSameFamily(Categorical(logits=logits), MultivariateNormal(a * means, covariance))


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    return mixture(logits, means, factors, a, sigma).log_prob(x)


def gaussian_mixture_score(x, logits, means, factors, a, sigma):
    law, y = mixture(logits, means, factors, a, sigma), x if x.requires_grad else x.detach().requires_grad_()
    return torch.autograd.grad(law.log_prob(y).sum(), y, create_graph=True)[0]


def gaussian_mixture_hessian(x, logits, means, factors, a, sigma):
    law = mixture(logits, means, factors, a, sigma)
    return torch.func.vmap(torch.func.hessian(lambda y: law.log_prob(y[None])[0]))(x)


def gaussian_mixture_denoiser(x, logits, means, factors, a, sigma):
    return (x + sigma**2 * gaussian_mixture_score(x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_posterior_covariance(x, logits, means, factors, a, sigma):
    hessian = gaussian_mixture_hessian(x, logits, means, factors, a, sigma)
    return (sigma / a) ** 2 * (torch.eye(x.shape[1], dtype=x.dtype) + sigma**2 * hessian)


def implicit_score_matching(x, theta, *, score):
    s = score(x, theta)
    rows = [torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1])]
    return s.square().sum(-1) / 2 + sum(rows)


def implicit_score_matching_shallow(x, theta, *, activation):
    return implicit_score_matching(x, theta, score=lambda x, theta: mlp(x, theta, activation=activation))


def sliced_terms(x, probe, theta, score):
    """s, v·s and v·∇(v·s), the double backward pass as it is usually written, direction by direction."""
    s, along, forms = score(x, theta), [], []
    for v in probe.unbind(1):
        along.append((s * v).sum(-1))
        forms.append((torch.autograd.grad(along[-1].sum(), x, create_graph=True)[0] * v).sum(-1))
    return s, torch.stack(along, 1), torch.stack(forms, 1)


def sliced_score_matching(x, probe, theta, *, score):
    _, along, forms = sliced_terms(x, probe, theta, score)
    return (along.square() / 2 + forms).mean(1)


def sliced_score_matching_vr(x, probe, theta, *, score):
    s, _, forms = sliced_terms(x, probe, theta, score)
    return s.square().sum(-1) / 2 + forms.mean(1)


def denoising_score_matching(score, eps, sigma):
    level = sigma.reshape(-1, *[1] * (score.dim() - 1))
    return fisher_divergence(score, -eps / level)


def noise_conditional_score_matching(score, eps, sigma):
    level = sigma.reshape(-1, *[1] * (score.dim() - 1))
    return fisher_divergence(level * score, -eps)
