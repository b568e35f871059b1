"""Penalties on a critic's slope, as GAN code writes them; their author has not read the definitions."""

import autograd.numpy as anp
import torch
import torch.nn.functional as F
from autograd import elementwise_grad

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
IMAGES = {"real": "B,C,H,W", "fake": "B,C,H,W", "u": "B,1,1,1"}


@form("gradient_penalty", "WGAN-GP tutorials, weight included, averaged", reduction="mean",
      convention="with its weight of 10", fixed={"sides": "two"})
def outside_gp_weighted(real, fake, u, theta, critic):
    alpha = u.unsqueeze(1).expand_as(real)
    mixed = alpha * real + (1 - alpha) * fake
    mixed.requires_grad_(True)
    out = critic(mixed, theta)
    (slope,) = torch.autograd.grad(
        outputs=out, inputs=mixed, grad_outputs=torch.ones_like(out), create_graph=True, retain_graph=True
    )
    return 10 * ((slope.view(slope.size(0), -1).norm(2, dim=1) - 1) ** 2).mean()


@form("gradient_penalty", "images; lerp from sample to datum; both penalties in one method", shape=IMAGES)
def outside_gp_of_images(real, fake, u, theta, critic, sides):
    point = torch.lerp(fake, real, u.expand_as(real)).requires_grad_()
    score = critic(point.flatten(1), theta).squeeze(1)
    slope = torch.autograd.grad(score.sum(), point, create_graph=True)[0]
    excess = torch.linalg.vector_norm(slope, dim=(1, 2, 3)) - 1.0
    if sides == "one":
        excess = F.relu(excess)
    return excess.square()


@form("gradient_penalty", "a root that is kept from zero, the sample's share drawn", fixed={"sides": "one"},
      convention="1e-12 under the root; u is the share of the sample")
def outside_gp_safe_root(real, fake, u, theta, critic):
    points = real + u[:, None] * (fake - real)
    points.requires_grad_(True)
    grads = torch.autograd.grad([critic(points, theta).sum()], [points], create_graph=True, only_inputs=True)[0]
    norms = torch.sqrt(grads.pow(2).sum(1) + 1e-12)
    return torch.clamp(norms - 1, min=0).pow(2)


@form("gradient_penalty", "a functional rewrite: a gradient of one example, mapped over the batch")
def outside_gp_functional(real, fake, u, theta, critic, sides):
    def penalty(x, y, share):
        slope = torch.func.grad(lambda point: critic(point[None], theta).sum())(share * x + (1 - share) * y)
        gap = torch.linalg.norm(slope) - 1
        return torch.where(gap > 0, gap * gap, torch.zeros_like(gap)) if sides == "one" else gap * gap

    return torch.func.vmap(penalty)(real, fake, u)


@form("gradient_penalty", "autograd, with the roots by hand", framework="autograd")
def outside_gp_autograd(real, fake, u, theta, critic, sides):
    middle = u[:, None] * real + (1.0 - u[:, None]) * fake
    slope = elementwise_grad(lambda x: critic(x, theta))(middle)
    size = anp.sqrt(anp.sum(slope * slope, axis=1))
    gap = anp.maximum(size - 1.0, 0.0) if sides == "one" else size - 1.0
    return gap**2


class LazyRegulariser:
    """R1 as a method of a discriminator's loss."""

    def __init__(self, gamma):
        self.gamma = gamma

    def slopes(self, critic, theta, images):
        logits = critic(images.flatten(1), theta)
        return torch.autograd.grad(outputs=[logits.sum()], inputs=[images], create_graph=True, only_inputs=True)[0]

    def __call__(self, critic, theta, images):
        images = images.clone().requires_grad_(True)
        return self.gamma / 2 * self.slopes(critic, theta, images).square().sum([1, 2, 3])


@form("zero_centered_penalty", "a loss class with its γ/2, on images", shape={"x": "B,C,H,W"})
def outside_r1_of_images(x, theta, critic):
    return LazyRegulariser(1.0)(critic, theta, x)


@form("zero_centered_penalty", "R1 whose half is left to the weight, averaged", reduction="mean",
      convention="without the half")
def outside_r1_without_half(x, theta, critic):
    x = x.requires_grad_() if x.is_leaf else x
    out = critic(x, theta)
    (grad,) = torch.autograd.grad(out, x, torch.ones_like(out), create_graph=True)
    return grad.pow(2).view(grad.shape[0], -1).sum(1).mean()


@form("zero_centered_penalty", "the norm that is there already, squared again; one example after another")
def outside_r1_looped(x, theta, critic):
    values = []
    for row in x.split(1):
        row = row + 0  # so that it is differentiated where x asks for nothing
        if not row.requires_grad:
            row.requires_grad_()
        slope = torch.autograd.grad(critic(row, theta).squeeze(), row, create_graph=True)[0]
        values.append(slope.norm() ** 2 / 2)
    return torch.stack(values)


@form("zero_centered_penalty", "a vector-Jacobian product and einsum")
def outside_r1_functional(x, theta, critic):
    scores, pull = torch.func.vjp(lambda points: critic(points, theta), x)
    slope = pull(torch.ones_like(scores))[0]
    return torch.einsum("bi,bi->b", slope, slope).mul(0.5)
