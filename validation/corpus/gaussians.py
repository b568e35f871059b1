"""Forms of Gaussian densities and divergences."""

import math

import autograd.numpy as anp
import autograd.scipy.stats as astats
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
LOG_2PI = math.log(2 * math.pi)


@form("gaussian_log_density", "decoders on torch.distributions")
def density_of_normal(x, mean, logvar):
    return D.Independent(D.Normal(mean, torch.exp(0.5 * logvar)), 1).log_prob(x)


@form("gaussian_log_density", "VAE code with the variance divided by")
def density_divided(x, mean, logvar):
    return -0.5 * torch.sum(LOG_2PI + logvar + (x - mean) ** 2 / logvar.exp(), dim=1)


@form("gaussian_log_density", "VAE code with the inverse variance")
def density_times_precision(x, mean, logvar):
    inv = torch.exp(-logvar)
    return (-0.5 * (LOG_2PI + logvar + (x - mean).pow(2) * inv)).sum(-1)


@form("gaussian_log_density", "flows whose networks give log σ", convention="logvar is log σ, not log σ²")
def density_of_log_sigma(x, mean, logvar):
    z = (x - mean) * torch.exp(-logvar)
    return torch.sum(-0.5 * z**2 - logvar - 0.5 * math.log(2 * math.pi), -1)


@form("gaussian_log_density", "regression with uncertainty", convention="the negative log-density, a loss")
def nll_of_torch(x, mean, logvar):
    return F.gaussian_nll_loss(mean, x, logvar.exp(), full=True, eps=0.0, reduction="none").sum(-1)


@form(
    "gaussian_log_density",
    "attenuated losses, the constant left out",
    convention="without the constant ½ log 2π; the negative log-density, a loss",
)
def nll_without_constant(x, mean, logvar):
    return (0.5 * torch.exp(-logvar) * (x - mean) ** 2 + 0.5 * logvar).sum(1)


@form("gaussian_log_density", "a general multivariate normal with a diagonal factor")
def density_of_multivariate_normal(x, mean, logvar):
    return D.MultivariateNormal(mean, scale_tril=torch.diag_embed(torch.exp(logvar / 2))).log_prob(x)


@form("gaussian_log_density", "black-box variational inference", framework="autograd")
def density_of_logpdf(x, mean, logvar):
    return anp.sum(astats.norm.logpdf(x, mean, anp.exp(0.5 * logvar)), axis=-1)


@form("gaussian_log_density", "a decoder with a hand-written backward", framework="numpy")
def density_by_hand(x, mean, logvar):
    diff, precision = x - mean, np.exp(-logvar)
    value = -0.5 * np.sum(diff**2 * precision + logvar + np.log(2 * np.pi), axis=1)

    def pullback(bar):
        g = bar[:, None]
        return {"x": -g * diff * precision, "mean": g * diff * precision, "logvar": 0.5 * g * (diff**2 * precision - 1)}

    return value, pullback


@form("gaussian_kl", "VAE tutorials, summed over the batch", reduction="sum")
def kl_summed(mean, logvar):
    return -0.5 * torch.sum(1 + logvar - mean.pow(2) - logvar.exp())


@form("gaussian_kl", "VAE tutorials, averaged over the batch", reduction="mean")
def kl_averaged(mean, logvar):
    return torch.mean(-0.5 * torch.sum(1 + logvar - mean**2 - logvar.exp(), dim=1), dim=0)


@form("gaussian_kl", "models on torch.distributions")
def kl_of_distributions(mean, logvar):
    q = D.Normal(mean, torch.exp(0.5 * logvar))
    return D.kl_divergence(q, D.Normal(torch.zeros_like(mean), torch.ones_like(logvar))).sum(-1)


@form("gaussian_kl", "the posterior object of latent diffusion's autoencoder")
def kl_of_variance(mean, logvar):
    var = torch.exp(logvar)
    return 0.5 * torch.sum(torch.pow(mean, 2) + var - 1.0 - logvar, dim=[1])


@form("gaussian_kl", "encoders that give log σ", convention="logvar is log σ, not log σ²")
def kl_of_log_sigma(mean, logvar):
    sigma = logvar.exp()
    return (sigma**2 / 2 + mean**2 / 2 - logvar - 0.5).sum(1)


@form("gaussian_kl", "a form with the standard deviation and its logarithm")
def kl_of_std(mean, logvar):
    std = torch.exp(logvar / 2)
    return 0.5 * (mean * mean + std * std - 2 * torch.log(std) - 1).sum(dim=-1)


@form("gaussian_kl", "autograd's VAE example", framework="autograd")
def kl_in_autograd(mean, logvar):
    return 0.5 * anp.sum(anp.exp(logvar) + mean**2 - 1.0 - logvar, axis=-1)


@form("gaussian_kl", "a NumPy VAE with its backward", framework="numpy")
def kl_by_hand(mean, logvar):
    var = np.exp(logvar)
    value = -0.5 * np.sum(1 + logvar - mean**2 - var, axis=1)
    return value, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * 0.5 * (var - 1)}


@form("gaussian_kl_between", "the helper of the published diffusion codes")
def normal_kl(mean1, logvar1, mean2, logvar2):
    return 0.5 * (
        -1.0 + logvar2 - logvar1 + torch.exp(logvar1 - logvar2) + (mean1 - mean2) ** 2 * torch.exp(-logvar2)
    ).sum(-1)


@form("gaussian_kl_between", "hierarchical VAEs on torch.distributions")
def kl_between_distributions(mean_q, logvar_q, mean_p, logvar_p):
    q = D.Normal(mean_q, (0.5 * logvar_q).exp())
    return D.kl_divergence(q, D.Normal(mean_p, (0.5 * logvar_p).exp())).sum(dim=1)


@form("gaussian_kl_between", "two variances and the logarithm of their ratio")
def kl_of_ratio(mean_q, logvar_q, mean_p, logvar_p):
    vq, vp = logvar_q.exp(), logvar_p.exp()
    return 0.5 * (torch.log(vp / vq) + (vq + (mean_q - mean_p) ** 2) / vp - 1).sum(1)


@form("gaussian_kl_between", "very deep VAEs that give log σ", convention="logvar is log σ, not log σ²")
def kl_of_two_log_sigmas(mean_q, logvar_q, mean_p, logvar_p):
    squares = (logvar_q.exp() ** 2 + (mean_q - mean_p) ** 2) / (logvar_p.exp() ** 2)
    return (-0.5 + logvar_p - logvar_q + 0.5 * squares).sum(-1)


@form("gaussian_kl_between", "a NumPy filter with its backward", framework="numpy")
def kl_between_by_hand(mean_q, logvar_q, mean_p, logvar_p):
    precision, ratio, diff = np.exp(-logvar_p), np.exp(logvar_q - logvar_p), mean_q - mean_p
    value = 0.5 * np.sum(ratio + diff**2 * precision - 1 - (logvar_q - logvar_p), axis=1)

    def pullback(bar):
        g = bar[:, None]
        return {
            "mean_q": g * diff * precision,
            "logvar_q": 0.5 * g * (ratio - 1),
            "mean_p": -g * diff * precision,
            "logvar_p": 0.5 * g * (1 - ratio - diff**2 * precision),
        }

    return value, pullback
