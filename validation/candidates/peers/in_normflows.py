"""The planar layer of normflows, its flows of coupling layers, and its residual block, without the determinant."""

import torch
from normflows.core import NormalizingFlow
from normflows.distributions.base import DiagGaussian
from normflows.flows.affine.coupling import AffineCouplingBlock
from normflows.flows.mixing import Permute
from normflows.flows.planar import Planar
from normflows.flows.residual import iResBlock


def planar_transform(z, u, w, b):
    layer = Planar((z.shape[1],))
    return torch.func.functional_call(layer, {"u": u[None], "w": w[None], "b": b[None]}, (z,))


def residual_block(z, theta, *, branch):
    block = iResBlock(None)
    block.nnet = lambda x: branch(x, theta)
    return block(z)


class Network(torch.nn.Module):
    """The question's, told as normflows has its parameters: shift and log-scale by turns, the latter under a tanh."""

    def __init__(self, theta):
        super().__init__()
        object.__setattr__(self, "theta", theta)

    def forward(self, h):
        depth = len(self.theta) // 2
        for n in range(1, depth + 1):
            h = torch.nn.functional.linear(h, self.theta[f"W{n}"], self.theta[f"b{n}"])
            h = torch.nn.functional.silu(h) if n < depth else h
        log_scale, shift = h.chunk(2, dim=1)
        return torch.stack([shift, torch.tanh(log_scale)], -1).flatten(1)


class Drawn(DiagGaussian):
    """The base, whose draws are the question's."""

    def forward(self, num_samples=1, context=None):
        return self.given, self.log_prob(self.given)


def reversal(features):
    layer = Permute(features)
    layer.perm = layer.inv_perm = torch.arange(features - 1, -1, -1)
    return layer


def flow(theta, order, features, base):
    layers = []
    for n in range(len(theta["b1"])):
        one = {name: entry[n] for name, entry in theta.items()}
        layers += [reversal(features)] * (order == "reverse" and n > 0) + [AffineCouplingBlock(Network(one))]
    return NormalizingFlow(base(features, trainable=False), layers)


def normalizing_flow_log_density(x, theta, *, order):
    return flow(theta, order, x.shape[1], DiagGaussian).log_prob(x)


def normalizing_flow_sample(z, theta, *, order):
    model = flow(theta, order, z.shape[1], Drawn)
    model.q0.given = z
    return model.sample(len(z))


COUPLED = {"fixed": {"transform": "coupling_silu"}}
CANDIDATES = {
    "planar_transform": {"function": planar_transform, "fixed": {"constraint": "softplus"}},
    "residual_block": {"function": residual_block, "framework": "torch"},
    "normalizing_flow_log_density": {"function": normalizing_flow_log_density, **COUPLED},
    "normalizing_flow_sample": {"function": normalizing_flow_sample, **COUPLED},
}
