"""Bounds of Pyro for an encoder and a decoder that are given, the noise of the guide too; and its planar flows."""

from unittest import mock

import pyro
import pyro.distributions as dist
import torch
from pyro import poutine
from pyro.distributions.transforms.planar import ConditionedPlanar
from pyro.infer import RenyiELBO, TraceMeanField_ELBO

pyro.enable_validation(False)


def pair(x, phi, theta, encoder, decoder, likelihood, beta):
    """A model of all examples at once, and its guide."""

    def model():
        with pyro.plate("data", len(x)):
            with poutine.scale(scale=beta):
                z = pyro.sample("z", dist.Normal(torch.zeros_like(encoder(x, phi).chunk(2, -1)[0]), 1.0).to_event(1))
            out = decoder(z, theta)
            law = dist.Normal(out, 1.0) if likelihood == "gaussian" else dist.Bernoulli(logits=out)
            pyro.sample("x", law.to_event(1), obs=x)

    def guide():
        mean, logvar = encoder(x, phi).chunk(2, -1)
        with pyro.plate("data", len(x)), poutine.scale(scale=beta):
            pyro.sample("z", dist.Normal(mean, (logvar / 2).exp()).to_event(1))

    return model, guide


def given(eps):
    """The noise that torch's law asks for, one draw after the other."""
    draws = iter(eps.unbind(1))
    return mock.patch("torch.distributions.normal._standard_normal", lambda *_, **__: next(draws))


def elbo(x, eps, beta, phi, theta, *, encoder, decoder, likelihood):
    model, guide = pair(x, phi, theta, encoder, decoder, likelihood, beta)
    with given(eps):
        return TraceMeanField_ELBO(num_particles=eps.shape[1]).differentiable_loss(model, guide)


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
    "planar_transform": {"function": planar_transform, **PLANES},
    "planar_flow": {"function": planar_flow, **PLANES},
}
