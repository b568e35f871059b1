"""A layer, laws and transforms of torch.distributions, and both of PyTorch's spectral norms."""

from unittest import mock

import torch
from torch.distributions import AffineTransform, Bernoulli, Categorical, Normal, RelaxedOneHotCategorical, kl_divergence
from torch.nn.utils.parametrizations import _SpectralNorm
from torch.nn.utils.spectral_norm import SpectralNorm


def affine(x, W, b):
    layer = torch.nn.Linear(W.shape[1], W.shape[0], device="meta")
    return torch.func.functional_call(layer, {"weight": W, "bias": b}, x)


def gaussian(mean, logvar):
    return Normal(mean, (logvar / 2).exp(), validate_args=False)


def gaussian_reparameterization(mean, logvar, eps):
    with mock.patch("torch.distributions.normal._standard_normal", lambda shape, dtype, device: eps):
        return gaussian(mean, logvar).rsample()


def gaussian_kl(mean, logvar):
    return kl_divergence(gaussian(mean, logvar), Normal(0.0, 1.0)).sum(-1)


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return kl_divergence(gaussian(mean_q, logvar_q), gaussian(mean_p, logvar_p)).sum(-1)


def gaussian_log_density(x, mean, logvar):
    return gaussian(mean, logvar).log_prob(x).sum(-1)


def bernoulli_log_likelihood(logits, x):
    each = Bernoulli(logits=logits, validate_args=False).log_prob(x)
    return each.reshape(len(x), -1).sum(1)


def concrete_log_density(c, logits, tau):
    return RelaxedOneHotCategorical(tau, logits=logits, validate_args=False).log_prob(c)


def categorical_kl(logits_p, logits_q):
    return kl_divergence(Categorical(logits=logits_p), Categorical(logits=logits_q))


def affine_transform(z, scale, shift):
    transform = AffineTransform(shift, scale)
    x = transform(z)
    return x, transform.log_abs_det_jacobian(z, x).reshape(len(z), -1).sum(1)


def power_iteration(W, u, *, iterations):
    """The older one, whose round is v = Wᵀu, u = Wv."""
    layer, norm = torch.nn.Module(), SpectralNorm(n_power_iterations=iterations)
    layer.weight_orig, layer.weight_u, layer.weight_v = W, u.clone(), W[0].clone()
    norm.compute_weight(layer, do_power_iteration=True)
    return layer.weight_u, layer.weight_v


def spectral_normalization(W, u, v):
    """The newer one, as it stands where nothing is iterated."""
    norm = _SpectralNorm.__new__(_SpectralNorm)
    torch.nn.Module.__init__(norm)
    norm.dim, norm.training, norm._u, norm._v = 0, False, u, v
    return norm.forward(W)


CANDIDATES = {"spectral_normalization": {"function": spectral_normalization, "outputs": ["normalized"]}}
