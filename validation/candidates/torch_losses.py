"""Every reference in PyTorch, by torch's own functions where they exist.

The noise of `torch.nn.functional.gumbel_softmax` is drawn inside; here it is handed in through the one
method by which that function draws it.
"""

from types import SimpleNamespace
from unittest import mock

import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence


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


# --- diffusion: the forward process ---


def every(number, x):
    return number.reshape(-1, *[1] * (x.ndim - 1))


def forward_marginal(x0, eps, alpha_prod):
    return every(alpha_prod.sqrt(), x0) * x0 + every((1 - alpha_prod).sqrt(), x0) * eps


def x0_from_eps(xt, eps, alpha_prod):
    return every(alpha_prod.rsqrt(), xt) * xt - every((1 / alpha_prod - 1).sqrt(), xt) * eps


def eps_from_x0(xt, x0, alpha_prod):
    return (xt - every(alpha_prod.sqrt(), xt) * x0) * every((1 - alpha_prod).rsqrt(), xt)


def v_from_x0_eps(x0, eps, alpha_prod):
    return every(alpha_prod.sqrt(), x0) * eps - every((1 - alpha_prod).sqrt(), x0) * x0


def x0_from_v(xt, v, alpha_prod):
    return every(alpha_prod.sqrt(), xt) * xt - every((1 - alpha_prod).sqrt(), xt) * v


def eps_from_v(xt, v, alpha_prod):
    return every(alpha_prod.sqrt(), xt) * v + every((1 - alpha_prod).sqrt(), xt) * xt


def score_from_eps(eps, alpha_prod):
    return -every((1 - alpha_prod).rsqrt(), eps) * eps


def eps_from_score(score, alpha_prod):
    return -every((1 - alpha_prod).sqrt(), score) * score


# --- diffusion: objectives ---


def simple_loss(prediction, x0, eps, alpha_prod, *, target):
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps(x0, eps, alpha_prod)}[target]
    return F.mse_loss(prediction, y, reduction="none").reshape(len(y), -1).sum(-1)


def diffusion_posterior(xt, x0, beta, alpha_prod_prev):
    after = (1 - beta) * alpha_prod_prev
    first = alpha_prod_prev.sqrt() * beta / (1 - after)
    second = (1 - beta).sqrt() * (1 - alpha_prod_prev) / (1 - after)
    mean = every(first, x0) * x0 + every(second, xt) * xt
    return {"mean": mean, "variance": (1 - alpha_prod_prev) / (1 - after) * beta}


def of_examples(x):
    return x.reshape(len(x), -1).sum(-1)


def variational_loss(prediction, eps, beta, alpha_prod_prev, *, variance):
    after = (1 - beta) * alpha_prod_prev
    posterior = (1 - alpha_prod_prev) / (1 - after) * beta
    model = posterior if variance == "posterior" else beta
    coefficient = beta / ((1 - beta) * (1 - after)).sqrt()
    q = Normal(every(coefficient, eps) * eps, every(posterior.sqrt(), eps))
    return of_examples(kl_divergence(q, Normal(every(coefficient, eps) * prediction, every(model.sqrt(), eps))))


def reconstruction_loss(prediction, eps, beta):
    ratio = every((beta / (1 - beta)).sqrt(), eps)
    return -of_examples(Normal(ratio * prediction, every(beta.sqrt(), eps)).log_prob(ratio * eps))


def prior_loss(x0, alpha_prod):
    q = Normal(every(alpha_prod.sqrt(), x0) * x0, every((1 - alpha_prod).sqrt(), x0))
    return of_examples(kl_divergence(q, Normal(torch.zeros_like(x0), torch.ones_like(x0))))


# --- diffusion: schedules and weights ---


def linear_schedule(beta_first, beta_last, *, steps):
    return torch.lerp(beta_first, beta_last, torch.arange(steps).to(beta_first) / max(steps - 1, 1))


def cosine_schedule(offset, cap, *, steps):
    angle = (torch.arange(steps + 1).to(offset) / steps + offset) / (1 + offset) * torch.pi / 2
    f = torch.cos(angle).square()
    return torch.minimum(1 - f[1:] / f[:-1], cap)


def alpha_products(beta):
    alpha_prod = torch.cumprod(1 - beta, 0)
    return {"alpha_prod": alpha_prod, "one_minus": 1 - alpha_prod}


def min_snr_weight(alpha_prod, gamma, *, target):
    snr = alpha_prod / (1 - alpha_prod)
    return torch.minimum(snr, gamma) / {"eps": snr, "x0": 1, "v": snr + 1}[target]
