"""Schedules, the forward process, objectives, and the steps of samplers."""

import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence

from .batch import of_examples, per_example


def linear_schedule(beta_first, beta_last, *, steps):
    return torch.lerp(beta_first, beta_last, torch.arange(steps).to(beta_first) / max(steps - 1, 1))


def cosine_schedule(offset, cap, *, steps):
    angle = (torch.arange(steps + 1).to(offset) / steps + offset) / (1 + offset) * torch.pi / 2
    f = torch.cos(angle).square()
    return torch.minimum(1 - f[1:] / f[:-1], cap)


def alpha_products(beta):
    alpha_prod = torch.cumprod(1 - beta, 0)
    return {"alpha_prod": alpha_prod, "one_minus": 1 - alpha_prod}


def forward_marginal(x0, eps, alpha_prod):
    return per_example(alpha_prod.sqrt(), x0) * x0 + per_example((1 - alpha_prod).sqrt(), x0) * eps


def x0_from_eps(xt, eps, alpha_prod):
    return per_example(alpha_prod.rsqrt(), xt) * xt - per_example((1 / alpha_prod - 1).sqrt(), xt) * eps


def eps_from_x0(xt, x0, alpha_prod):
    return (xt - per_example(alpha_prod.sqrt(), xt) * x0) * per_example((1 - alpha_prod).rsqrt(), xt)


def v_from_x0_eps(x0, eps, alpha_prod):
    return per_example(alpha_prod.sqrt(), x0) * eps - per_example((1 - alpha_prod).sqrt(), x0) * x0


def x0_from_v(xt, v, alpha_prod):
    return per_example(alpha_prod.sqrt(), xt) * xt - per_example((1 - alpha_prod).sqrt(), xt) * v


def eps_from_v(xt, v, alpha_prod):
    return per_example(alpha_prod.sqrt(), xt) * v + per_example((1 - alpha_prod).sqrt(), xt) * xt


def score_from_eps(eps, alpha_prod):
    return -per_example((1 - alpha_prod).rsqrt(), eps) * eps


def eps_from_score(score, alpha_prod):
    return -per_example((1 - alpha_prod).sqrt(), score) * score


def diffusion_posterior(xt, x0, beta, alpha_prod_prev):
    after = (1 - beta) * alpha_prod_prev
    first = alpha_prod_prev.sqrt() * beta / (1 - after)
    second = (1 - beta).sqrt() * (1 - alpha_prod_prev) / (1 - after)
    mean = per_example(first, x0) * x0 + per_example(second, xt) * xt
    return {"mean": mean, "variance": (1 - alpha_prod_prev) / (1 - after) * beta}


def simple_loss(prediction, x0, eps, alpha_prod, *, target):
    y = {"eps": eps, "x0": x0, "v": v_from_x0_eps(x0, eps, alpha_prod)}[target]
    return F.mse_loss(prediction, y, reduction="none").reshape(len(y), -1).sum(-1)


def variational_loss(prediction, eps, beta, alpha_prod_prev, *, variance):
    """The KL of two posteriors with their means in full, for x0 = 0."""
    before, after = alpha_prod_prev, (1 - beta) * alpha_prod_prev
    posterior = (1 - before) / (1 - after) * beta
    model = posterior if variance == "posterior" else beta
    xt = per_example((1 - after).sqrt(), eps) * eps
    x0 = per_example((1 / after).sqrt(), eps) * xt - per_example((1 / after - 1).sqrt(), eps) * prediction
    mean_q = per_example((1 - beta).sqrt() * (1 - before) / (1 - after), eps) * xt
    mean_p = per_example(before.sqrt() * beta / (1 - after), eps) * x0 + mean_q
    q = Normal(mean_q, per_example(posterior.sqrt(), eps))
    return of_examples(kl_divergence(q, Normal(mean_p, per_example(model.sqrt(), eps))))


def reconstruction_loss(prediction, eps, beta):
    ratio = per_example((beta / (1 - beta)).sqrt(), eps)
    return -of_examples(Normal(ratio * prediction, per_example(beta.sqrt(), eps)).log_prob(ratio * eps))


def prior_loss(x0, alpha_prod):
    q = Normal(per_example(alpha_prod.sqrt(), x0) * x0, per_example((1 - alpha_prod).sqrt(), x0))
    return of_examples(kl_divergence(q, Normal(torch.zeros_like(x0), torch.ones_like(x0))))


def variational_bound(prediction, x0, eps, beta, *, variance):
    each, after = torch.ones_like(x0.reshape(len(x0), -1)[:, :1])[:, 0], torch.cumprod(1 - beta, 0)
    bound = reconstruction_loss(prediction[:, 0], eps[:, 0], beta[0] * each) + prior_loss(x0, after[-1] * each)
    for t in range(1, len(beta)):
        bound = bound + variational_loss(prediction[:, t], eps[:, t], beta[t] * each, after[t - 1] * each,
                                         variance=variance)
    return bound


def min_snr_weight(alpha_prod, gamma, *, target):
    snr = alpha_prod / (1 - alpha_prod)
    return torch.minimum(snr, gamma) / {"eps": snr, "x0": 1, "v": snr + 1}[target]


def strided_schedule(beta, *, steps, spacing):
    train, up = len(beta), torch.arange(steps, dtype=torch.float64, device=beta.device)
    if spacing == "leading":
        visited = up * (train // steps)
    elif spacing == "linspace":
        visited = torch.round(up * (train - 1) / max(steps - 1, 1))
    else:
        visited = torch.round((up + 1) * train / steps) - 1
    visited = visited.flip(0).long()
    alpha_prod = (1 - beta).cumprod(0)[visited]
    before = F.pad(alpha_prod[1:], (0, 1), value=1.0)
    return {"timestep": visited, "beta": 1 - alpha_prod / before, "alpha_prod": alpha_prod, "alpha_prod_prev": before}


def ancestral_step(xt, eps_pred, noise, beta, alpha_prod_prev, *, variance):
    """Through the predicted x0 and the posterior of x_{t-1} given both, as samplers have it."""
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    now = (1 - beta) * before
    x0 = (1 / now).sqrt() * xt - (1 / now - 1).sqrt() * eps_pred
    mean = before.sqrt() * beta / (1 - now) * x0 + (1 - beta).sqrt() * (1 - before) / (1 - now) * xt
    return mean + (beta * (1 - before) / (1 - now) if variance == "posterior" else beta).sqrt() * noise


def ddim_step(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    beta, before = per_example(beta, xt), per_example(alpha_prod_prev, xt)
    alpha_prod = (1 - beta) * before
    variance = (1 - before) / (1 - alpha_prod) * (1 - alpha_prod / before)
    x0 = (xt - (1 - alpha_prod).sqrt() * eps_pred) / alpha_prod.sqrt()
    direction = (1 - before - eta.square() * variance).sqrt() * eps_pred
    return before.sqrt() * x0 + direction + eta * variance.sqrt() * noise


def classifier_guidance(eps_pred, log_prob_grad, alpha_prod, gamma):
    return torch.addcmul(eps_pred, gamma * log_prob_grad, (1 - per_example(alpha_prod, eps_pred)).sqrt(), value=-1)


def classifier_free_guidance(eps_cond, eps_uncond, gamma):
    return torch.lerp(eps_uncond, eps_cond, gamma)


def guidance_rescale(guided, cond, phi):
    axes = tuple(range(1, guided.ndim))
    rescaled = guided * (cond.std(axes, keepdim=True) / guided.std(axes, keepdim=True))
    return phi * rescaled + (1 - phi) * guided


def karras_noise_levels(sigma_min, sigma_max, rho, *, steps):
    ramp = torch.linspace(0, 1, steps, dtype=rho.dtype, device=rho.device)
    first, last = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return (first + ramp * (last - first)) ** rho


def geometric_noise_levels(sigma_min, sigma_max, *, steps):
    ramp = torch.linspace(0, 1, steps, dtype=sigma_max.dtype, device=sigma_max.device)
    return torch.exp(torch.lerp(sigma_max.log(), sigma_min.log(), ramp))


def edm_preconditioning(sigma, sigma_data):
    total = sigma.square() + sigma_data.square()
    return {"skip": sigma_data.square() / total, "out": sigma * sigma_data * total.rsqrt(), "inward": total.rsqrt(),
            "noise": sigma.log() / 4}


def edm_denoiser(x, output, sigma, sigma_data):
    c = edm_preconditioning(sigma, sigma_data)
    return per_example(c["skip"], x) * x + per_example(c["out"], x) * output


def edm_loss(output, x0, eps, sigma, sigma_data):
    weight = (sigma.square() + sigma_data.square()) / (sigma * sigma_data).square()
    denoised = edm_denoiser(torch.addcmul(x0, per_example(sigma, x0), eps), output, sigma, sigma_data)
    return weight * of_examples((denoised - x0).square())
