"""Bounds of Pyro for networks that are given, the noise of the guide too, of Gaussian latents, of latents with a
prior of each condition, and of codes; and its planar flows."""

from unittest import mock

import pyro
import pyro.distributions as dist
import torch
from pyro import poutine
from pyro.distributions.transforms.planar import ConditionedPlanar
from pyro.infer import RenyiELBO, Trace_ELBO, TraceMeanField_ELBO

pyro.enable_validation(False)


def observed(x, out, likelihood):
    law = dist.Normal(out, 1.0) if likelihood == "gaussian" else dist.Bernoulli(logits=out)
    pyro.sample("x", law.to_event(1), obs=x)


def latent(code):
    mean, logvar = code.chunk(2, -1)
    return pyro.sample("z", dist.Normal(mean, (logvar / 2).exp()).to_event(1))


def pair(x, phi, theta, encoder, decoder, likelihood, beta):
    """A model of all examples at once, and its guide."""

    def model():
        with pyro.plate("data", len(x)):
            with poutine.scale(scale=beta):
                z = pyro.sample("z", dist.Normal(torch.zeros_like(encoder(x, phi).chunk(2, -1)[0]), 1.0).to_event(1))
            observed(x, decoder(z, theta), likelihood)

    def guide():
        with pyro.plate("data", len(x)), poutine.scale(scale=beta):
            latent(encoder(x, phi))

    return model, guide


def given(eps):
    """The noise that torch's law asks for, one draw after the other."""
    draws = iter(eps.unbind(1))
    return mock.patch("torch.distributions.normal._standard_normal", lambda *_, **__: next(draws))


def elbo(x, eps, beta, phi, theta, *, encoder, decoder, likelihood):
    model, guide = pair(x, phi, theta, encoder, decoder, likelihood, beta)
    with given(eps):
        return TraceMeanField_ELBO(num_particles=eps.shape[1]).differentiable_loss(model, guide)


def conditional_elbo(x, y, eps, phi, theta, psi, *, encoder, decoder, prior, likelihood):
    def model():
        with pyro.plate("data", len(x)):
            z = latent(prior(y, psi))
            observed(x, decoder(torch.cat([z, y], -1), theta), likelihood)

    def guide():
        with pyro.plate("data", len(x)):
            latent(encoder(torch.cat([x, y], -1), phi))

    with given(eps):
        return TraceMeanField_ELBO(num_particles=eps.shape[1]).differentiable_loss(model, guide)


def vq_vae_elbo(x, z, codebook, theta, *, decoder, likelihood):
    """The code of each position is one choice of a uniform law, which the guide is sure of."""
    nearest = torch.cdist(z.detach(), codebook.detach()).argmin(-1)

    def model():
        with pyro.plate("data", len(x)):
            law = dist.Categorical(logits=codebook.new_zeros(len(codebook))).expand(nearest.shape[1:])
            code = pyro.sample("code", law.to_event(1))
            observed(x, decoder(codebook[code].flatten(1), theta), likelihood)

    def guide():
        with pyro.plate("data", len(x)):
            pyro.sample("code", dist.Delta(nearest, event_dim=1))

    return Trace_ELBO().differentiable_loss(model, guide)


class Renyi(torch.autograd.Function):
    """`loss_and_grads` has the gradient no otherwise than in the leaves."""

    @staticmethod
    def forward(ctx, ask, *leaves):
        held = [leaf.detach().requires_grad_() for leaf in leaves]
        with torch.enable_grad():
            value = ask(*held)
        ctx.slopes = [leaf.grad if leaf.grad is not None else torch.zeros_like(leaf) for leaf in held]
        return leaves[0].new_tensor(value)

    @staticmethod
    def backward(ctx, bar):
        return None, *(bar * slope for slope in ctx.slopes)


def importance_weighted_bound(x, eps, phi, theta, *, encoder, decoder, likelihood):
    names = [*phi, *theta]

    def ask(x, *leaves):
        mine = list(zip(names, leaves, strict=True))
        phi_, theta_ = dict(mine[:len(phi)]), dict(mine[len(phi):])
        model, guide = pair(x, phi_, theta_, encoder, decoder, likelihood, 1.0)

        def known():
            pyro.param("trained", x.new_zeros(()))  # it differentiates where the guide has a parameter
            guide()

        with given(eps):
            return RenyiELBO(alpha=0, num_particles=eps.shape[1]).loss_and_grads(model, known)

    return Renyi.apply(ask, x, *phi.values(), *theta.values())


def planar_flow(z, u, w, b):
    log_det = 0
    for n in range(len(b)):
        layer = ConditionedPlanar((b[n:n + 1], u[n], w[n]))
        x = layer(z)
        z, log_det = x, log_det + layer.log_abs_det_jacobian(z, x)
    return z, log_det


def planar_transform(z, u, w, b):
    return planar_flow(z, u[None], w[None], b[None])


LOSS = {"framework": "torch", "reduction": "sum", "convention": "the negative bound, a loss"}
PLANES = {"framework": "torch", "fixed": {"constraint": "softplus"}}
CANDIDATES = {
    "elbo": {"function": elbo, **LOSS},
    "importance_weighted_bound": {"function": importance_weighted_bound, **LOSS},
    "conditional_elbo": {"function": conditional_elbo, **LOSS},
    "vq_vae_elbo": {"function": vq_vae_elbo, **LOSS},
    "planar_transform": {"function": planar_transform, **PLANES},
    "planar_flow": {"function": planar_flow, **PLANES},
}
