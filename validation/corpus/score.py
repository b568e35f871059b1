"""Forms of score matching, and of noised Gaussian mixtures."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
TWICE = "twice the objective: no ½ of the square, 2 vᵀ(∂s/∂x)v"


def each(x):
    """All axes of an example as one."""
    return x.reshape(x.shape[0], -1)


def per_example(sigma, x):
    return sigma.view(-1, *[1] * (x.dim() - 1))


@form("fisher_divergence", "explicit score matching on toy densities")
def fisher_of_squares(score, target):
    return 0.5 * each(score - target).pow(2).sum(dim=-1)


@form("fisher_divergence", "scripts that take a norm and square it")
def fisher_of_norms(score, target):
    return each(score - target).norm(dim=-1) ** 2 / 2


@form("fisher_divergence", "regression on a score", convention="mean over components, without the factor ½")
def fisher_of_mse(score, target):
    return each(F.mse_loss(score, target, reduction="none")).mean(dim=1)


@form("fisher_divergence", "autograd, expanded squares of the two scores", framework="autograd")
def fisher_expanded(score, target):
    axes = tuple(range(1, np.ndim(score)))
    return anp.sum(score**2, axes) / 2 - anp.sum(score * target, axes) + anp.sum(target**2, axes) / 2


def covariances(factors, a, sigma):
    eye = torch.eye(factors.shape[-1], dtype=factors.dtype)
    return a**2 * factors @ factors.transpose(-1, -2) + sigma**2 * eye


@form("gaussian_mixture_log_density", "toy data on torch.distributions")
def mixture_of_distributions(x, logits, means, factors, a, sigma):
    components = D.MultivariateNormal(a * means, covariance_matrix=covariances(factors, a, sigma), validate_args=False)
    mixture = D.MixtureSameFamily(D.Categorical(logits=logits), components, validate_args=False)
    return mixture.log_prob(x)


def mixture_log_terms(x, logits, means, factors, a, sigma):
    """log w_k + log N(x; a μ_k, S_k) by Cholesky factors, (B, K)."""
    lower = torch.linalg.cholesky(covariances(factors, a, sigma))
    diff = (x[:, None] - a * means[None]).unsqueeze(-1)
    y = torch.linalg.solve_triangular(lower.expand(x.shape[0], *lower.shape), diff, upper=False).squeeze(-1)
    half_log_det = lower.diagonal(dim1=-2, dim2=-1).log().sum(-1)
    return F.log_softmax(logits, 0) - 0.5 * (y**2).sum(-1) - half_log_det - 0.5 * x.shape[1] * math.log(2 * math.pi)


@form("gaussian_mixture_log_density", "mixtures with Cholesky factors")
def mixture_by_cholesky(x, logits, means, factors, a, sigma):
    return torch.logsumexp(mixture_log_terms(x, logits, means, factors, a, sigma), dim=-1)


@form("gaussian_mixture_log_density", "mixtures with inverses and log-determinants, named axes")
def mixture_by_einsum(x, logits, means, factors, a, sigma):
    cov = covariances(factors, a, sigma)
    diff = x[:, None, :] - a * means
    squares = torch.einsum("bki,kij,bkj->bk", diff, torch.linalg.inv(cov), diff)
    log_normal = -0.5 * (squares + torch.linalg.slogdet(cov)[1] + x.shape[-1] * math.log(2 * math.pi))
    return torch.logsumexp(torch.log_softmax(logits, -1) + log_normal, dim=-1)


@form("gaussian_mixture_score", "toy scores by differentiating the density")
def score_by_autograd(x, logits, means, factors, a, sigma):
    x = x if x.requires_grad else x.detach().requires_grad_(True)
    log_p = mixture_by_cholesky(x, logits, means, factors, a, sigma)
    return torch.autograd.grad(log_p.sum(), x, create_graph=True)[0]


@form("gaussian_mixture_score", "analytic scores with responsibilities")
def score_of_responsibilities(x, logits, means, factors, a, sigma):
    shares = torch.softmax(mixture_log_terms(x, logits, means, factors, a, sigma), dim=-1)
    diff = a * means[None] - x[:, None]
    pulls = torch.linalg.solve(covariances(factors, a, sigma), diff.unsqueeze(-1)).squeeze(-1)
    return (shares.unsqueeze(-1) * pulls).sum(dim=1)


@form("gaussian_mixture_hessian", "Hessians by torch.func")
def hessian_by_func(x, logits, means, factors, a, sigma):
    log_p = lambda one: mixture_by_einsum(one[None], logits, means, factors, a, sigma)[0]
    return torch.func.vmap(torch.func.hessian(log_p))(x)


@form("gaussian_mixture_hessian", "the law of total covariance of the pulls", framework="numpy")
def hessian_in_numpy(x, logits, means, factors, a, sigma):
    dim = x.shape[1]
    cov = a**2 * np.einsum("kij,klj->kil", factors, factors) + sigma**2 * np.eye(dim, dtype=x.dtype)
    inv = np.linalg.inv(cov)
    pulls = np.einsum("kij,bkj->bki", inv, a * means[None] - x[:, None])
    squares = np.einsum("bki,kij,bkj->bk", pulls, cov, pulls)
    log_terms = logits - 0.5 * squares - 0.5 * np.linalg.slogdet(cov)[1]
    shares = np.exp(log_terms - log_terms.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    mean = np.einsum("bk,bki->bi", shares, pulls)
    return (
        np.einsum("bk,bki,bkj->bij", shares, pulls, pulls)
        - np.einsum("bi,bj->bij", mean, mean)
        - np.einsum("bk,kij->bij", shares, inv)
    )


@form("gaussian_mixture_denoiser", "Bayes' rule for linear Gaussian observations")
def denoiser_by_gain(x, logits, means, factors, a, sigma):
    shares = torch.softmax(mixture_log_terms(x, logits, means, factors, a, sigma), dim=-1)
    prior = factors @ factors.mT
    gain = a * prior @ torch.linalg.inv(covariances(factors, a, sigma))
    each_mean = means[None] + torch.einsum("kij,bkj->bki", gain, x[:, None] - a * means[None])
    return torch.einsum("bk,bki->bi", shares, each_mean)


@form("gaussian_mixture_posterior_covariance", "Bayes' rule for linear Gaussian observations")
def covariance_by_gain(x, logits, means, factors, a, sigma):
    shares = torch.softmax(mixture_log_terms(x, logits, means, factors, a, sigma), dim=-1)
    prior = factors @ factors.mT
    gain = a * prior @ torch.linalg.inv(covariances(factors, a, sigma))
    posterior = prior - a * gain @ prior
    each_mean = means[None] + torch.einsum("kij,bkj->bki", gain, x[:, None] - a * means[None])
    off = each_mean - torch.einsum("bk,bki->bi", shares, each_mean)[:, None]
    return torch.einsum("bk,kij->bij", shares, posterior) + torch.einsum("bk,bki,bkj->bij", shares, off, off)


def tracked(x):
    return x if x.requires_grad else x.detach().requires_grad_(True)


@form("implicit_score_matching", "a loop over axes, one gradient each")
def ism_by_a_loop(x, theta, score):
    x = tracked(x)
    s = score(x, theta)
    trace = 0.0
    for i in range(x.shape[1]):
        trace = trace + torch.autograd.grad(s[:, i].sum(), x, create_graph=True)[0][:, i]
    return 0.5 * (s**2).sum(dim=1) + trace


@form("implicit_score_matching", "vmapped reverse-mode Jacobians")
def ism_by_jacrev(x, theta, score):
    s = lambda one: score(one[None], theta)[0]
    jacobian = torch.func.vmap(torch.func.jacrev(s))(x)
    return torch.func.vmap(torch.trace)(jacobian) + score(x, theta).square().sum(-1) / 2


@form("implicit_score_matching", "objectives without the half", convention="twice the objective: ‖s‖² + 2 tr")
def ism_twice(x, theta, score):
    jacobian = torch.autograd.functional.jacobian(lambda y: score(y, theta).sum(0), x, create_graph=True)
    return score(x, theta).norm(dim=-1) ** 2 + 2 * torch.einsum("ibi->b", jacobian)


@form("implicit_score_matching_shallow", "a loop over axes, one gradient each")
def shallow_by_a_loop(x, theta, activation):
    phi = {"tanh": torch.tanh, "softplus": lambda a: F.softplus(a, threshold=40), "silu": F.silu}[activation]
    network = lambda x, theta: F.linear(phi(F.linear(x, theta["W1"], theta["b1"])), theta["W2"], theta["b2"])
    return ism_by_a_loop(x, theta, network)


@form("implicit_score_matching_shallow", "the trace in closed form", framework="autograd")
def shallow_in_closed_form(x, theta, activation):
    a = anp.dot(x, theta["W1"].T) + theta["b1"]
    sigmoid = 0.5 * (1 + anp.tanh(a / 2))
    phi, slope = {
        "tanh": (anp.tanh(a), 1 - anp.tanh(a) ** 2),
        "softplus": (anp.logaddexp(0.0, a), sigmoid),
        "silu": (a * sigmoid, sigmoid + a * sigmoid * (1 - sigmoid)),
    }[activation]
    s = anp.dot(phi, theta["W2"].T) + theta["b2"]
    return 0.5 * anp.sum(s**2, axis=1) + anp.dot(slope, anp.einsum("hd,dh->h", theta["W1"], theta["W2"]))


@form("sliced_score_matching", "the authors' double backward, particles repeated along the batch")
def ssm_of_particles(x, probe, theta, score):
    batch, particles, dim = probe.shape
    x = x.unsqueeze(1).expand(batch, particles, dim).reshape(-1, dim)
    x, v = tracked(x), probe.reshape(-1, dim)
    s = score(x, theta)
    along = (s * v).sum(dim=-1)
    (grad,) = torch.autograd.grad(along.sum(), x, create_graph=True)
    loss = 0.5 * along**2 + (v * grad).sum(dim=-1)
    return loss.view(batch, particles).mean(dim=1)


@form("sliced_score_matching", "forward mode, one direction at a time")
def ssm_by_jvp(x, probe, theta, score):
    network, total = lambda y: score(y, theta), 0.0
    for v in probe.unbind(dim=1):
        s, ds = torch.func.jvp(network, (x,), (v,))
        total = total + 0.5 * (s * v).sum(-1) ** 2 + (v * ds).sum(-1)
    return total / probe.shape[1]


@form("sliced_score_matching", "objectives without the half", convention=TWICE)
def ssm_twice(x, probe, theta, score):
    x = tracked(x)
    s = score(x, theta)
    terms = []
    for v in probe.unbind(1):
        along = torch.einsum("bd,bd->b", s, v)
        grad = torch.autograd.grad(along, x, torch.ones_like(along), create_graph=True)[0]
        terms.append(along.square() + 2 * torch.einsum("bd,bd->b", grad, v))
    return torch.stack(terms).mean(0)


@form("sliced_score_matching_vr", "the authors' double backward with the norm in full")
def ssm_vr_of_particles(x, probe, theta, score):
    batch, particles, dim = probe.shape
    x, v = tracked(x.repeat_interleave(particles, dim=0)), probe.reshape(-1, dim)
    s = score(x, theta)
    grad = torch.autograd.grad(torch.sum(s * v), x, create_graph=True)[0]
    loss = torch.sum(s * s, dim=-1) / 2.0 + torch.sum(v * grad, dim=-1)
    return loss.reshape(batch, particles).mean(-1)


@form("sliced_score_matching_vr", "forward mode over vmapped directions")
def ssm_vr_by_vmap(x, probe, theta, score):
    network = lambda y: score(y, theta)
    tangents = torch.func.vmap(lambda v: torch.func.jvp(network, (x,), (v,))[1], in_dims=1, out_dims=1)(probe)
    return 0.5 * network(x).pow(2).sum(-1) + (probe * tangents).sum(-1).mean(-1)


@form("denoising_score_matching", "NCSN's loss at anneal power zero")
def dsm_of_target(score, eps, sigma):
    target = -eps / per_example(sigma, eps)
    return 0.5 * ((each(score) - each(target)) ** 2).sum(dim=-1)


@form("denoising_score_matching", "the noise in x divided by σ²")
def dsm_of_displacement(score, eps, sigma):
    sigma = per_example(sigma, eps)
    target = -(sigma * eps) / sigma**2
    return each((score - target) ** 2).sum(1).mul(0.5)


@form("denoising_score_matching", "means over pixels, without the half",
      convention="mean over components, without the factor ½")
def dsm_averaged(score, eps, sigma):
    return each(torch.square(score + eps / per_example(sigma, eps))).mean(dim=-1)


@form("noise_conditional_score_matching", "NCSN's loss at anneal power two")
def ncsn_of_target(score, eps, sigma):
    target = -1 / per_example(sigma, eps) * eps
    return 0.5 * ((each(score) - each(target)) ** 2).sum(dim=-1) * sigma**2


@form("noise_conditional_score_matching", "score SDEs: the score times its deviation plus the noise")
def ncsn_of_residual(score, eps, sigma):
    losses = torch.square(score * per_example(sigma, eps) + eps)
    return 0.5 * torch.sum(each(losses), dim=-1)


@form("noise_conditional_score_matching", "the same, reduced by a mean",
      convention="mean over components, without the factor ½")
def ncsn_averaged(score, eps, sigma):
    return each(torch.square(score * per_example(sigma, eps) + eps)).mean(-1)


@form("noise_conditional_score_matching", "a NumPy objective with its backward", framework="numpy")
def ncsn_by_hand(score, eps, sigma):
    s = sigma.reshape(-1, *[1] * (eps.ndim - 1))
    r, axes = s * score + eps, tuple(range(1, eps.ndim))

    def pullback(bar):
        g = bar.reshape(s.shape)
        return {"score": g * s * r, "sigma": (g * r * score).sum(axis=axes)}

    return 0.5 * (r**2).sum(axis=axes), pullback
