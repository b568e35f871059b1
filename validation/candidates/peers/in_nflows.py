"""Layers of nflows: the masked affine layer both ways, coupling, a linear layer's volume; flows of masked layers."""

import torch
from nflows.transforms.autoregressive import MaskedAffineAutoregressiveTransform
from nflows.transforms.base import CompositeTransform
from nflows.transforms.coupling import AffineCouplingTransform
from nflows.transforms.linear import NaiveLinear
from nflows.transforms.permutations import ReversePermutation


def masked(shift_theta, scale_theta, conditioner, features):
    """Its network is the question's, which is told in its parametrisation: e^{−α} = softplus + 10⁻³, and −μ e^{−α}."""

    def told(x, context=None):
        shrink = torch.exp(-torch.tanh(conditioner(x, scale_theta)))
        shift = -conditioner(x, shift_theta) * shrink
        return torch.stack([torch.log(torch.expm1(shrink - 1e-3)), shift], -1).flatten(1)

    layer = MaskedAffineAutoregressiveTransform(features, 4)
    del layer.autoregressive_net
    object.__setattr__(layer, "autoregressive_net", told)
    return layer


def masked_autoregressive(x, shift_theta, scale_theta, *, conditioner):
    return masked(shift_theta, scale_theta, conditioner, x.shape[1]).forward(x)


def masked_autoregressive_inverse(z, shift_theta, scale_theta, *, conditioner):
    return masked(shift_theta, scale_theta, conditioner, z.shape[1]).inverse(z)


def affine_coupling(x, log_scale, shift, *, direction):
    """Its network is what was told of both halves."""
    layer = AffineCouplingTransform.__new__(AffineCouplingTransform)
    torch.nn.Module.__init__(layer)
    object.__setattr__(layer, "transform_features", torch.arange(x.shape[1] if x.ndim > 1 else 1))
    told = torch.cat([shift, log_scale], 1)
    return getattr(layer, f"_coupling_transform_{direction}")(x, told)


def log_abs_det(matrix):
    volumes = []
    for each in matrix:
        layer = NaiveLinear(len(each))
        held = {"_weight": each, "bias": each[0] * 0}
        volumes.append(torch.func.functional_call(layer, held, (each[:1] * 0,))[1][0])
    return torch.stack(volumes)


def triangular(x, theta):
    return torch.nn.functional.linear(x, theta["A"].tril(-1), theta["b"])


def composite(theta, order, features):
    """From data to noise, as nflows has it: the last layer comes first."""
    layers = []
    for n in reversed(range(len(theta["shift_b"]))):
        one = {name: entry[n] for name, entry in theta.items()}
        both = [{name[6:]: x for name, x in one.items() if name.startswith(kind)} for kind in ("shift_", "scale_")]
        layers += [masked(*both, triangular, features), ReversePermutation(features)]
    layers = layers[:-1] if order == "reverse" else layers[::2]
    return CompositeTransform(layers)


def base(z):
    """That of nflows is behind an import of matplotlib."""
    return torch.distributions.Normal(torch.zeros_like(z), torch.ones_like(z)).log_prob(z).sum(1)


def normalizing_flow_log_density(x, theta, *, order):
    noise, log_det = composite(theta, order, x.shape[1]).forward(x)
    return base(noise) + log_det


def normalizing_flow_sample(z, theta, *, order):
    x, log_det = composite(theta, order, z.shape[1]).inverse(z)
    return x, base(z) - log_det


BOUNDED = {"fixed": {"scale": "bounded"}}
CANDIDATES = {
    "masked_autoregressive": {"function": masked_autoregressive, **BOUNDED},
    "masked_autoregressive_inverse": {"function": masked_autoregressive_inverse, **BOUNDED},
    "affine_coupling": {"function": affine_coupling, "fixed": {"scale": "sigmoid"},
                        "convention": "for sigmoid e^s = σ(r + 2) + 10⁻³"},
    "normalizing_flow_log_density": {"function": normalizing_flow_log_density,
                                     "fixed": {"transform": "autoregressive_triangular"}},
    "normalizing_flow_sample": {"function": normalizing_flow_sample,
                                "fixed": {"transform": "autoregressive_triangular"}},
}
