"""Losses of torchgan, and its spectral norm. Of two batches it takes pairs: each is repeated until it has every one."""

import torch
from bare import bare

bare("torchgan")  # whose __init__ asks for torchvision and a display
from torchgan.layers.spectralnorm import SpectralNorm2d  # noqa: E402
from torchgan.losses.functional import (  # noqa: E402
    least_squares_discriminator_loss,
    minimax_discriminator_loss,
    minimax_generator_loss,
    wasserstein_discriminator_loss,
    wasserstein_gradient_penalty,
)


def of_pairs(loss):
    return lambda real, fake: loss(real.repeat(len(fake)), fake.repeat_interleave(len(real)))


def gan_generator_loss(fake, *, objective):
    """Of the paper's own two; −D it has not."""
    return minimax_generator_loss(fake, {"minimax": False, "non_saturating": True}[objective], "none")


def normalized(W, u, v, iterations):
    layer = torch.nn.Linear(W.shape[1], W.shape[0], bias=False, dtype=W.dtype)
    norm = SpectralNorm2d(layer, power_iterations=iterations)
    del norm.w_bar
    norm.w_bar, norm.u.data, norm.v.data = W, u, v
    norm(W[:1])
    return layer.weight, norm


def power_iteration(W, u, *, iterations):
    norm = normalized(W, u, W[0], iterations)[1]
    return norm.u, norm.v


def spectral_normalization(W, u, v):
    return normalized(W, u, v, 0)[0]


def gradient_penalty(real, fake, u, theta, *, critic):
    between = u[:, None] * real + (1 - u[:, None]) * fake
    if not between.requires_grad:
        between.requires_grad_()
    return wasserstein_gradient_penalty(between, critic(between, theta))


CANDIDATES = {
    "gradient_penalty": {"function": gradient_penalty, "reduction": "mean", "fixed": {"sides": "two"}},
    "gan_discriminator_loss": {"function": of_pairs(minimax_discriminator_loss)},
    "gan_generator_loss": {"function": gan_generator_loss},
    "least_squares_discriminator_loss": {"function": of_pairs(least_squares_discriminator_loss)},
    "wasserstein_critic_loss": {"function": of_pairs(wasserstein_discriminator_loss)},
    "power_iteration": {"function": power_iteration, "convention": "10⁻¹² is added to every norm"},
    "spectral_normalization": {"function": spectral_normalization, "outputs": ["normalized"]},
}
