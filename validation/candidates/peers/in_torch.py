"""Layers, laws and transforms of torch.distributions, both of PyTorch's spectral norms, and a game of two of its
optimizers."""

from unittest import mock

import torch
from torch.distributions import (
    AffineTransform,
    Bernoulli,
    Categorical,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    RelaxedOneHotCategorical,
    kl_divergence,
)
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


def relaxed_codebook(c, codebook):
    return torch.nn.functional.linear(c, codebook.T)


def fisher_divergence(score, target):
    return torch.nn.functional.mse_loss(score, target, reduction="none").reshape(len(score), -1).mean(1)


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    covariance = a**2 * factors @ factors.mT + sigma**2 * torch.eye(x.shape[1], dtype=x.dtype)
    parts = MultivariateNormal(a * means, covariance, validate_args=False)
    return MixtureSameFamily(Categorical(logits=logits), parts, validate_args=False).log_prob(x)


def gaussian_mixture_score(x, logits, means, factors, a, sigma):
    x = x.requires_grad_()
    total = gaussian_mixture_log_density(x, logits, means, factors, a, sigma).sum()
    return torch.autograd.grad(total, x, create_graph=True)[0]


def stepped(point, slope, step, climbs):
    moved = point.clone()
    moved.grad = slope
    torch.optim.SGD([moved], lr=step, maximize=climbs, differentiable=True).step()
    return moved


def bilinear_game(x, y, matrix, step, *, method, steps):
    def slopes(x, y):
        x, y = x.clone(), y.clone()  # neither has the other in it
        return torch.autograd.grad(torch.einsum("bd,de,be->", x, matrix, y), (x, y), create_graph=True)

    x, y = x.requires_grad_(), y.requires_grad_()
    for _ in range(steps):
        of_x, of_y = slopes(x, y)
        if method == "extragradient":
            of_x, of_y = slopes(stepped(x, of_x, step, False), stepped(y, of_y, step, True))
        moved = stepped(x, of_x, step, False)
        x, y = moved, stepped(y, slopes(moved, y)[1] if method == "alternating" else of_y, step, True)
    return x, y


CANDIDATES = {
    "spectral_normalization": {"function": spectral_normalization, "outputs": ["normalized"]},
    "fisher_divergence": {"function": fisher_divergence, "convention": "mean over components, without the factor ½"},
}
