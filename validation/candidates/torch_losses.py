"""Every reference in PyTorch, by torch's own functions where they exist.

The noise of `torch.nn.functional.gumbel_softmax` is drawn inside; here it is handed in through the one
method by which that function draws it.
"""

from types import SimpleNamespace
from unittest import mock

import torch
import torch.nn.functional as F
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal, Normal, kl_divergence


def gaussian_kl(mean, logvar):
    q = Normal(mean, (logvar / 2).exp())
    return kl_divergence(q, Normal(torch.zeros_like(mean), torch.ones_like(mean))).sum(-1)


def gaussian_kl_between(mean_q, logvar_q, mean_p, logvar_p):
    return kl_divergence(Normal(mean_q, (logvar_q / 2).exp()), Normal(mean_p, (logvar_p / 2).exp())).sum(-1)


def gumbel_max(logits, gumbel):
    return (logits + gumbel).argmax(-1)


def with_noise(gumbel, function, *args, **options):
    """Call `function`, whose noise is -log E for exponential E: here log E is -g, without the rounding of e^{-g}."""

    def exponential_(self, *_, **__):
        return SimpleNamespace(log=lambda: -gumbel)

    with mock.patch.object(torch.Tensor, "exponential_", exponential_):
        return function(*args, **options)


def gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, dim=-1)


def straight_through_gumbel_softmax(logits, gumbel, tau):
    return with_noise(gumbel, F.gumbel_softmax, logits, tau=tau, hard=True, dim=-1)


def vector_quantization(z, codebook, beta):
    code = (z[:, None] - codebook[None]).detach().square().sum(-1).argmin(-1)
    chosen = F.embedding(code, codebook)
    return {
        "code": code,
        "quantized": z + (chosen - z).detach(),
        "codebook_loss": F.mse_loss(chosen, z.detach(), reduction="none").sum(-1),
        "commitment_loss": beta * F.mse_loss(z, chosen.detach(), reduction="none").sum(-1),
    }


ACTIVATIONS = {"tanh": torch.tanh, "softplus": F.softplus, "silu": F.silu}


def mlp(x, theta, *, activation):
    depth = len(theta) // 2
    for layer in range(1, depth):
        x = ACTIVATIONS[activation](F.linear(x, theta[f"W{layer}"], theta[f"b{layer}"]))
    return F.linear(x, theta[f"W{depth}"], theta[f"b{depth}"])


def mlp_tangent(x, x_dot, theta, *, activation):
    def along(direction):
        return torch.func.jvp(lambda x: mlp(x, theta, activation=activation), (x,), (direction,))[1]

    return mlp(x, theta, activation=activation), torch.stack([along(d) for d in x_dot.unbind(1)], 1)


def implicit_score_matching(x, theta, *, score):
    s = score(x, theta)
    rows = [torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1])]
    return s.square().sum(-1) / 2 + sum(rows)


def step(f, z, t, h, method):
    k1 = f(z, t)
    if method == "euler":
        return z + h * k1
    if method == "heun":
        return z + h * (k1 + f(z + h * k1, t + h)) / 2
    k2 = f(z + h * k1 / 2, t + h / 2)
    k3 = f(z + h * k2 / 2, t + h / 2)
    return z + h * (k1 + 2 * k2 + 2 * k3 + f(z + h * k3, t + h)) / 6


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(lambda z, t: velocity(z, t, theta), z, t0 + n * h, h, method)
    return z


class Adjoint(torch.autograd.Function):
    """The state alone is kept; the backward pass integrates it, its adjoint and the parameters' gradients back."""

    @staticmethod
    def forward(ctx, names, velocity, method, steps, z0, t0, t1, *values):
        theta = dict(zip(names, values, strict=True))
        z1 = odeint(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
        ctx.static = names, velocity, method, steps
        ctx.save_for_backward(z1, t0, t1, *values)
        return z1

    @staticmethod
    def backward(ctx, z1_bar):
        names, velocity, method, steps = ctx.static
        z1, t0, t1, *values = ctx.saved_tensors
        theta = dict(zip(names, values, strict=True))
        shapes = [z1.shape, z1.shape, *(v.shape for v in values)]

        def split(state):
            return [p.reshape(s) for p, s in zip(state.split([s.numel() for s in shapes]), shapes, strict=True)]

        def backwards(state, t):
            z, a, *_ = split(state)
            f, back = torch.func.vjp(lambda z, theta: velocity(z, t, theta), z, theta)
            z_bar, theta_bar = back(a)
            return torch.cat([p.reshape(-1) for p in (f, -z_bar, *(-theta_bar[name] for name in names))])

        h = (t1 - t0) / steps
        state = torch.cat([p.reshape(-1) for p in (z1, z1_bar, *map(torch.zeros_like, values))])
        for n in range(steps):
            state = step(backwards, state, t1 - n * h, -h, method)
        z, a, *theta_bar = split(state)
        t0_bar, t1_bar = -(a * velocity(z, t0, theta)).sum(), (z1_bar * velocity(z1, t1, theta)).sum()
        return None, None, None, None, a, t0_bar, t1_bar, *theta_bar


def odeint_adjoint(z0, t0, t1, theta, *, velocity, method, steps):
    return Adjoint.apply(tuple(theta), velocity, method, steps, z0, t0, t1, *theta.values())


def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    return torch.lerp(eps_uncond, eps_cond, gamma)


# --- sde ---


def langevin_step(x, score, eps, step):
    return torch.addcmul(torch.addcmul(x, step / 2, score), step.sqrt(), eps)


def langevin_chain(x, eps, step, theta, *, score):
    for noise in eps.unbind(1):
        x = langevin_step(x, score(x, theta), noise, step)
    return x


def annealed_langevin(x, eps, sigmas, base_step, theta, *, score):
    steps = base_step * (sigmas / sigmas[-1]).square()
    for sigma, step, level in zip(sigmas, steps, eps.unbind(1), strict=True):
        for noise in level.unbind(1):
            x = langevin_step(x, score(x, sigma, theta), noise, step)
    return x


# --- mixtures ---


def mixture(logits, means, factors, a, sigma):
    covariance = (a * factors) @ (a * factors).mT + sigma**2 * torch.eye(means.shape[1], dtype=means.dtype)
    return MixtureSameFamily(Categorical(logits=logits), MultivariateNormal(a * means, covariance))


def gaussian_mixture_log_density(x, logits, means, factors, a, sigma):
    return mixture(logits, means, factors, a, sigma).log_prob(x)


def gaussian_mixture_score(x, logits, means, factors, a, sigma):
    law, y = mixture(logits, means, factors, a, sigma), x if x.requires_grad else x.detach().requires_grad_()
    return torch.autograd.grad(law.log_prob(y).sum(), y, create_graph=True)[0]


def gaussian_mixture_hessian(x, logits, means, factors, a, sigma):
    law = mixture(logits, means, factors, a, sigma)
    return torch.func.vmap(torch.func.hessian(lambda y: law.log_prob(y[None])[0]))(x)


def gaussian_mixture_denoiser(x, logits, means, factors, a, sigma):
    return (x + sigma**2 * gaussian_mixture_score(x, logits, means, factors, a, sigma)) / a


def gaussian_mixture_posterior_covariance(x, logits, means, factors, a, sigma):
    hessian = gaussian_mixture_hessian(x, logits, means, factors, a, sigma)
    return (sigma / a) ** 2 * (torch.eye(x.shape[1], dtype=x.dtype) + sigma**2 * hessian)
