"""Losses and games of adversarial networks."""

import torch
import torch.nn.functional as F


def gan_generator_loss(fake, *, objective):
    if objective == "probability":
        return -torch.sigmoid(fake)
    return F.logsigmoid(-fake) if objective == "minimax" else -F.logsigmoid(fake)


def bilinear_game(x, y, matrix, step, *, method, steps):
    down, up = lambda y: torch.mm(y, matrix.t()), lambda x: torch.mm(x, matrix)
    for _ in range(steps):
        if method == "alternating":
            x = x - step * down(y)
            y = y + step * up(x)
        elif method == "simultaneous":
            x, y = x - step * down(y), y + step * up(x)
        else:
            ahead_x, ahead_y = x - step * down(y), y + step * up(x)
            x, y = x - step * down(ahead_y), y + step * up(ahead_x)
    return x, y


def power_iteration(W, u, *, iterations):
    """The loop of torch.nn.utils.spectral_norm, whose functions these are."""
    for _ in range(iterations):
        v = F.normalize(torch.mv(W.t(), u), dim=0, eps=1e-30)
        u = F.normalize(torch.mv(W, v), dim=0, eps=1e-30)
    return u, v


def spectral_normalization(W, u, v):
    sigma = torch.dot(u, torch.mv(W, v))
    return W / sigma, sigma


def gan_discriminator_loss(real, fake):
    entropy = F.binary_cross_entropy_with_logits
    return entropy(real, torch.ones_like(real)) + entropy(fake, torch.zeros_like(fake))


def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def least_squares_discriminator_loss(real, fake):
    return 0.5 * (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake)))


def wasserstein_critic_loss(real, fake):
    return fake.mean() - real.mean()


def gradient_penalty(real, fake, u, theta, *, critic, sides):
    """With a graph of the gradient, as published code has it."""
    between = u[:, None] * real + (1 - u[:, None]) * fake
    between = between if between.requires_grad else between.requires_grad_()
    (slope,) = torch.autograd.grad(critic(between, theta).sum(), between, create_graph=True)
    excess = slope.flatten(1).norm(2, dim=1) - 1
    return (excess if sides == "two" else F.relu(excess)).square()


def zero_centered_penalty(x, theta, *, critic):
    x = x if x.requires_grad else x.requires_grad_()
    (slope,) = torch.autograd.grad(critic(x, theta).sum(), x, create_graph=True)
    return slope.square().flatten(1).sum(1) / 2
