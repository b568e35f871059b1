"""Variational autoencoders: draws and likelihoods."""

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli, Categorical, Normal, kl_divergence


def gaussian_reparameterization(mean, logvar, eps):
    return torch.addcmul(mean, (logvar / 2).exp(), eps)


def bernoulli_log_likelihood(logits, x):
    each = Bernoulli(logits=logits, validate_args=False).log_prob(x)
    return each.flatten(1).sum(-1) if x.ndim > 1 else each


def log_p(x, out, likelihood):
    """log p(x | z_r) of x (B, D) and what a decoder gives (B, R, D)."""
    law = Normal(out, 1.0) if likelihood == "gaussian" else Bernoulli(logits=out, validate_args=False)
    return law.log_prob(x[:, None]).sum(-1)


def drawn(mean, logvar, eps, theta, decoder):
    """z_r and what the decoder gives for each."""
    z = mean[:, None] + (logvar / 2).exp()[:, None] * eps
    return z, decoder(z.flatten(0, 1), theta).unflatten(0, eps.shape[:2])


def elbo(x, eps, beta, phi, theta, *, encoder, decoder, likelihood):
    mean, logvar = encoder(x, phi).chunk(2, -1)
    _, out = drawn(mean, logvar, eps, theta, decoder)
    divergence = kl_divergence(Normal(mean, (logvar / 2).exp()), Normal(torch.zeros_like(mean), 1.0)).sum(-1)
    return log_p(x, out, likelihood).mean(1) - beta * divergence


def conditional_elbo(x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood):
    mean, logvar = encoder(torch.cat([x, y], -1), phi).chunk(2, -1)
    mean_p, logvar_p = prior(y, psi).chunk(2, -1)
    _, out = drawn(mean, logvar, eps, theta, lambda z, theta: decoder(
        torch.cat([z, y.repeat_interleave(eps.shape[1], 0)], -1), theta))
    divergence = kl_divergence(Normal(mean, (logvar / 2).exp()), Normal(mean_p, (logvar_p / 2).exp())).sum(-1)
    return log_p(x, out, likelihood).mean(1) - divergence


def autoencoder_loss(x, phi, theta, *, encoder, decoder):
    return F.mse_loss(decoder(encoder(x, phi), theta), x, reduction="none").sum(-1) / 2


def vq_vae_elbo(x, z, codebook, theta, *, decoder, likelihood):
    k = ((z[:, :, None] - codebook) ** 2).sum(-1).argmin(-1)
    out = decoder(F.embedding(k, codebook).flatten(1), theta)
    prior = Categorical(logits=torch.zeros_like(codebook[:, 0])).log_prob(k).sum(-1)
    return log_p(x, out[:, None], likelihood)[:, 0] + prior


def importance_weighted_bound(x, eps, phi, theta, *, encoder, decoder, likelihood):
    mean, logvar = encoder(x, phi).chunk(2, -1)
    z, out = drawn(mean, logvar, eps, theta, decoder)
    of_noise = Normal(0.0, 1.0).log_prob(eps).sum(-1) - logvar.sum(-1, keepdim=True) / 2
    log_w = log_p(x, out, likelihood) + Normal(0.0, 1.0).log_prob(z).sum(-1) - of_noise
    return log_w.logsumexp(1) - log_w.new_tensor(eps.shape[1]).log()


def discretized_logistic_log_likelihood(x, mean, log_scale, *, levels):
    half, rate = 1 / (levels - 1), (-log_scale).exp()
    below = F.logsigmoid((x - mean + half) * rate)
    above = F.logsigmoid((mean - x + half) * rate)
    between = below + above + (-torch.expm1(-2 * half * rate)).log()
    each = torch.where(x < half - 1, below, torch.where(x > 1 - half, above, between))
    return each.flatten(1).sum(-1) if x.ndim > 1 else each


def free_bits_kl(mean, logvar, floor):
    each = kl_divergence(Normal(mean, (logvar / 2).exp()), Normal(torch.zeros_like(mean), 1.0)).mean(0)
    return torch.where(each > floor, each, floor).sum()
