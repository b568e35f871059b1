"""Forms of affine layers, of whole flows, and of their determinants, as libraries of flows and tutorials have them."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
SHIFTED = "shifted before it is scaled"
NO_LESS = "for sigmoid e^s = σ(r + 2) + 10⁻³"
NLL = "negative log-likelihood"


def sum_except_batch(x):
    return x.reshape(x.shape[0], -1).sum(dim=1)


@form("affine_transform", "a probabilistic language's transform with event axes")
def affine_of_transforms(z, scale, shift):
    layer = D.transforms.AffineTransform(shift, scale, event_dim=z.dim() - 1)
    x = layer(z)
    return x, layer.log_abs_det_jacobian(z, x)


@form("affine_transform", "a pointwise layer that sums all but the batch")
def affine_pointwise(z, scale, shift):
    return torch.addcmul(shift, z, scale), sum_except_batch(torch.log(torch.abs(scale)))


@form("affine_transform", "a density's scale known by its variance")
def affine_of_variance(z, scale, shift):
    return shift + scale * z, 0.5 * sum_except_batch(torch.log(scale**2))


@form("affine_transform", "the determinant of the layer's own Jacobian, as tutorials verify it")
def affine_of_jacobian(z, scale, shift):
    layer = lambda z, a, b: z * a + b
    flat = [part.flatten(1) if part.dim() > 1 else part[:, None] for part in (z, scale, shift)]
    jacobian = torch.func.vmap(torch.func.jacrev(layer))(*flat)
    return layer(z, scale, shift), torch.linalg.slogdet(jacobian).logabsdet


@form("affine_transform", "a bijector with its log-scale kept apart from the sign", framework="autograd")
def affine_with_sign(z, scale, shift):
    log_scale, sign = anp.log(anp.abs(scale)), anp.sign(scale)
    return sign * anp.exp(log_scale) * z + shift, anp.sum(log_scale, axis=tuple(range(1, z.ndim)))


@form("affine_transform", "a NumPy layer with its backward", framework="numpy")
def affine_in_numpy(z, scale, shift):
    axes = tuple(range(1, z.ndim))

    def pullback(dx, dlogdet):
        return {"z": dx * scale, "scale": dx * z + dlogdet.reshape(-1, *[1] * (z.ndim - 1)) / scale, "shift": dx}

    return (z * scale + shift, np.log(np.abs(scale)).sum(axis=axes)), pullback


@form("affine_coupling", "tutorials of RealNVP, the sigmoid taken and its logarithm of it")
def coupling_of_scales(x, log_scale, shift, direction, scale):
    s = torch.exp(log_scale) if scale == "exp" else torch.sigmoid(log_scale + 2.0)
    log_det = torch.sum(torch.log(s).view(x.shape[0], -1), dim=1)
    return (x * s + shift, log_det) if direction == "forward" else ((x - shift) / s, -log_det)


@form("affine_coupling", "blocks that keep the log-scale")
def coupling_of_log_scales(x, log_scale, shift, direction, scale):
    log_s = F.logsigmoid(log_scale + 2) if scale == "sigmoid" else log_scale
    if direction == "inverse":
        return (x - shift) * torch.exp(-log_s), -sum_except_batch(log_s)
    return x * torch.exp(log_s) + shift, sum_except_batch(log_s)


@form("affine_coupling", "ports of Glow", convention=SHIFTED)
def coupling_of_glow(x, log_scale, shift, direction, scale):
    if scale == "sigmoid":
        s = torch.sigmoid(log_scale + 2)
        logdet = sum_except_batch(torch.log(s))
    else:
        s, logdet = log_scale.exp(), sum_except_batch(log_scale)
    return ((x + shift) * s, logdet) if direction == "forward" else (x / s - shift, -logdet)


@form("affine_coupling", "a library whose scale has a floor", convention=NO_LESS)
def coupling_with_floor(x, log_scale, shift, direction, scale):
    activation = {"sigmoid": lambda r: torch.sigmoid(r + 2) + 1e-3, "exp": torch.exp}[scale]
    s = activation(log_scale)
    logabsdet = sum_except_batch(torch.log(s))
    if direction == "forward":
        return x * s + shift, logabsdet
    return (x - shift) / s, -logabsdet


@form("affine_coupling", "autograd, the sigmoid's logarithm by log1p", framework="autograd")
def coupling_in_autograd(x, log_scale, shift, direction, scale):
    log_s = -anp.log1p(anp.exp(-(log_scale + 2))) if scale == "sigmoid" else log_scale
    total = anp.sum(anp.reshape(log_s, (len(x), -1)), axis=1)
    if direction == "forward":
        return x * anp.exp(log_s) + shift, total
    return (x - shift) / anp.exp(log_s), -total


def layers(theta):
    """The parameters of each layer, the one nearest to the noise first."""
    return [{name: stack[i] for name, stack in theta.items()} for i in range(next(iter(theta.values())).shape[0])]


@form("affine_coupling", "masked halves whose sigmoid is kept by softplus")
def coupling_of_softplus(x, log_scale, shift, direction, scale):
    log_s = -F.softplus(-(log_scale + 2.0)) if scale == "sigmoid" else log_scale
    ldj = log_s.reshape(len(x), -1).sum(-1)
    if direction == "forward":
        return torch.exp(log_s) * x + shift, ldj
    return torch.exp(-log_s) * (x - shift), ldj * -1


@form("normalizing_flow_log_density", "a composite transform and a standard normal with its constant kept")
def flow_of_composite(x, theta, transform, order):
    noise, total = x, x.new_zeros(x.shape[0])
    for i, parameters in enumerate(reversed(layers(theta))):
        if i > 0 and order == "reverse":
            noise = noise[:, torch.arange(noise.shape[1] - 1, -1, -1)]
        noise, logabsdet = transform.inverse(noise, parameters)
        total = total + logabsdet
    neg_energy = -0.5 * sum_except_batch(noise**2)
    return neg_energy - 0.5 * x.shape[1] * math.log(2 * math.pi) + total


@form("normalizing_flow_log_density", "RealNVP's loss with a multivariate normal prior", convention=NLL,
      reduction="mean")
def flow_loss(x, theta, transform, order):
    prior = D.MultivariateNormal(torch.zeros_like(x[0]), torch.eye(x.shape[1], dtype=x.dtype), validate_args=False)
    log_det_J, z, flow = 0.0, x, layers(theta)
    for i in reversed(range(len(flow))):
        z, log_det = transform.inverse(z, flow[i])
        log_det_J = log_det_J + log_det
        if i and order == "reverse":
            z = z.flip(1)
    return -(prior.log_prob(z) + log_det_J).mean()


@form("normalizing_flow_log_density", "image models' bits", convention="negative log-likelihood, bits per dimension")
def flow_bits(x, theta, transform, order):
    flow, objective = layers(theta), torch.zeros_like(x[:, 0])
    while flow:
        x, logdet = transform.inverse(x, flow.pop())
        objective = objective + logdet
        x = x.flip(-1) if flow and order == "reverse" else x
    objective = objective + (-0.5 * (math.log(2 * math.pi) + x**2)).sum(-1)
    return -objective / (math.log(2.0) * x.shape[1])


@form("normalizing_flow_log_density", "a transformed distribution: the layers' own log-determinants, subtracted")
def flow_of_transformed_distribution(x, theta, transform, order):
    log_prob, y = 0.0, x
    for i, parameters in reversed(list(enumerate(layers(theta)))):
        z, _ = transform.inverse(y, parameters)
        log_prob = log_prob - transform.forward(z, parameters)[1]
        y = torch.flip(z, dims=[-1]) if i > 0 and order == "reverse" else z
    base = D.Independent(D.Normal(torch.zeros_like(y), torch.ones_like(y), validate_args=False), 1, validate_args=False)
    return log_prob + base.log_prob(y)


@form("normalizing_flow_log_density", "autograd", framework="autograd")
def composed_in_autograd(x, theta, transform, order):
    flow, log_p = layers(theta), 0.0
    for i, parameters in list(enumerate(flow))[::-1]:
        x, log_det = transform.inverse(x, parameters)
        log_p, x = log_p + log_det, x[:, ::-1] if i and order == "reverse" else x
    return log_p - 0.5 * anp.sum(x**2 + anp.log(2 * anp.pi), axis=1)


@form("normalizing_flow_sample", "a base that returns log q, from which each layer's is subtracted")
def sample_of_layers(z, theta, transform, order):
    log_q = -0.5 * z.shape[1] * math.log(2 * math.pi) - torch.sum(0.5 * torch.pow(z, 2), 1)
    for i, parameters in enumerate(layers(theta)):
        if i > 0 and order == "reverse":
            z = z.flip(1)
        z, log_det = transform.forward(z, parameters)
        log_q = log_q - log_det
    return z, log_q


@form("normalizing_flow_sample", "sample, then evaluate the model at the sample")
def sample_and_evaluate(z, theta, transform, order):
    x = z
    for i, parameters in enumerate(layers(theta)):
        x, _ = transform.forward(x.flip(1) if i and order == "reverse" else x, parameters)
    return x, flow_of_composite(x, theta, transform, order)


@form("normalizing_flow_sample", "entropy terms of variational inference", convention="negative log-density")
def sample_with_surprise(z, theta, transform, order):
    base, sum_log_det, first = D.Normal(torch.zeros((), dtype=z.dtype), 1.0), torch.zeros(len(z), dtype=z.dtype), True
    surprise = -base.log_prob(z).sum(dim=-1)
    for parameters in layers(theta):
        z = z if first or order == "keep" else z[:, list(range(z.shape[1]))[::-1]]
        z, log_det = transform.forward(z, parameters)
        sum_log_det, first = sum_log_det + log_det, False
    return {"x": z, "log_density": surprise + sum_log_det}


@form("log_abs_det", "invertible 1×1 convolutions")
def det_by_slogdet(matrix):
    return torch.slogdet(matrix)[1]


@form("log_abs_det", "the logarithm of the determinant itself, in tutorials")
def det_by_log(matrix):
    return torch.log(torch.abs(torch.det(matrix)))


@form("log_abs_det", "the diagonal of an LU factorisation")
def det_by_lu(matrix):
    lu, _ = torch.linalg.lu_factor(matrix)
    return torch.diagonal(lu, dim1=-2, dim2=-1).abs().log().sum(-1)


@form("log_abs_det", "the diagonal of a QR factorisation")
def det_by_qr(matrix):
    r = torch.linalg.qr(matrix).R
    return r.diagonal(dim1=1, dim2=2).abs().log().sum(dim=1)


@form("log_abs_det", "singular values, as in layers of SVD")
def det_by_svd(matrix):
    return torch.linalg.svdvals(matrix).log().sum(dim=-1)


@form("log_abs_det", "autograd, bits", framework="autograd", convention="in bits")
def det_in_bits(matrix):
    return anp.linalg.slogdet(matrix)[1] / anp.log(2.0)


@form("log_abs_det", "Jacobi's formula in NumPy", framework="numpy")
def det_by_hand(matrix):
    return np.linalg.slogdet(matrix)[1], lambda bar: bar[:, None, None] * np.linalg.inv(matrix).swapaxes(-1, -2)


@form("rank_one_log_det", "the matrix determinant lemma of planar flows")
def lemma_by_solve(matrix, u, v):
    kappa = torch.einsum("bi,bi->b", v, torch.linalg.solve(matrix, u))
    return torch.linalg.slogdet(matrix).logabsdet + torch.log(torch.abs(1 + kappa))


@form("rank_one_log_det", "the sum itself")
def lemma_by_the_sum(matrix, u, v):
    return torch.linalg.slogdet(matrix + torch.einsum("bi,bj->bij", u, v))[1]


@form("rank_one_log_det", "the lemma with an inverse, and a volume by the Gram matrix, as flows on manifolds have it")
def lemma_of_gram(matrix, u, v):
    inner = torch.bmm(v.unsqueeze(1), torch.bmm(torch.inverse(matrix), u.unsqueeze(2)))
    return torch.logdet(matrix @ matrix.mT) / 2 + (1 + inner).abs().log().view(-1)


@form("rank_one_log_det", "autograd", framework="autograd")
def lemma_in_autograd(matrix, u, v):
    w = anp.linalg.solve(matrix, u[..., None])[..., 0]
    return anp.linalg.slogdet(matrix)[1] + anp.log(anp.abs(1 + anp.sum(v * w, axis=-1)))
