"""Forms of likelihoods and bounds that are made of levels, codes and conditions."""

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
NLL = "the negative log-likelihood, a loss"


@form("discretized_logistic_log_likelihood", "PixelCNN++ in PyTorch, one logistic law and no colours",
      convention="the density at the level times 2δ, where the chance of the bin is below 10⁻⁵")
def pixelcnn_of_one_law(x, mean, log_scale, levels):
    inv_stdv, half = torch.exp(-log_scale), 1.0 / (levels - 1)
    centered_x = x - mean
    plus_in, min_in, mid_in = inv_stdv * (centered_x + half), inv_stdv * (centered_x - half), inv_stdv * centered_x
    cdf_delta = torch.sigmoid(plus_in) - torch.sigmoid(min_in)
    log_pdf_mid = mid_in - log_scale - 2.0 * F.softplus(mid_in) - np.log((levels - 1) / 2)
    inner = torch.where(cdf_delta > 1e-5, torch.log(torch.clamp(cdf_delta, min=1e-12)), log_pdf_mid)
    inner = torch.where(x > 1 - half, -F.softplus(min_in), inner)
    log_probs = torch.where(x < half - 1, plus_in - F.softplus(plus_in), inner)
    return log_probs.reshape(len(x), -1).sum(1)


@form("discretized_logistic_log_likelihood", "decoders that keep their tails by log-sigmoids, a loss", convention=NLL)
def levels_by_log_sigmoid(x, mean, log_scale, levels):
    s, half = log_scale.exp(), 1 / (levels - 1)
    upper, lower = (x + half - mean) / s, (x - half - mean) / s
    log_cdf, log_sf = F.logsigmoid(upper), F.logsigmoid(-lower)
    log_prob = log_cdf + log_sf + torch.log(-torch.expm1(-2 * half / s))
    log_prob = torch.where(x <= -1 + half, log_cdf, torch.where(x >= 1 - half, log_sf, log_prob))
    return -log_prob.flatten(1).sum(1) if x.ndim > 1 else -log_prob


@form("discretized_logistic_log_likelihood", "autograd, by both tails", framework="autograd")
def levels_in_autograd(x, mean, log_scale, levels):
    d = 1 / (levels - 1)
    a, b = (x + d - mean) * anp.exp(-log_scale), (x - d - mean) * anp.exp(-log_scale)
    log_cdf, log_sf = -anp.logaddexp(0, -a), -anp.logaddexp(0, b)
    inner = log_cdf + log_sf + anp.log(-anp.expm1(-2 * d * anp.exp(-log_scale)))
    each = anp.where(x < -1 + d, log_cdf, anp.where(x > 1 - d, log_sf, inner))
    return anp.sum(anp.reshape(each, (len(x), -1)), axis=1)


@form("free_bits_kl", "torch's clamp, after the mean over the batch")
def clamped_divergence(mean, logvar, floor):
    kl = -0.5 * (1 + logvar - mean.pow(2) - logvar.exp())
    return torch.max(kl.mean(dim=0), floor.expand(kl.shape[1])).sum()


@form("free_bits_kl", "World Models, a tolerance of each latent",
      convention="one floor of Z λ₀ for the sum of an example")
def kl_tolerance(mean, logvar, floor):
    kl_loss = -0.5 * torch.sum(1 + logvar - mean.square() - logvar.exp(), dim=1)
    return torch.maximum(kl_loss, floor * mean.shape[1]).mean()


@form("free_bits_kl", "autograd, a floor and what is above it", framework="autograd")
def floor_and_more(mean, logvar, floor):
    kl = anp.mean(anp.exp(logvar) + mean**2 - 1.0 - logvar, axis=0) / 2
    return floor * kl.shape[0] + anp.sum(anp.where(kl > floor, kl - floor, 0.0))
