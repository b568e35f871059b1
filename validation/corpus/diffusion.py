"""Forms of schedules, marginals, parametrisations, posteriors and losses of diffusion models.

What samplers look up by timestep is here a table of one entry an example, looked up at 0, 1, 2, ….
"""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def extract(table, t, shape):
    """The entries of a schedule at the timesteps of a batch, in a shape that broadcasts."""
    return table.gather(-1, t).reshape(len(t), *[1] * (len(shape) - 1))


def at(table, x):
    return extract(table, torch.arange(len(x)), x.shape)


def flat(x):
    return x.reshape(x.shape[0], -1)


@form("linear_schedule", "DDPM in torch")
def betas_of_torch(beta_first, beta_last, steps):
    return torch.linspace(beta_first.item(), beta_last.item(), steps, dtype=beta_first.dtype)


@form("linear_schedule", "DDPM in NumPy", framework="numpy")
def betas_of_numpy(beta_first, beta_last, steps):
    return np.linspace(beta_first, beta_last, steps, dtype=np.float64)


@form("cosine_schedule", "a loop over a function ᾱ(t), as improved DDPM has it", framework="numpy")
def betas_for_alpha_bar(offset, cap, steps):
    alpha_bar = lambda t: math.cos((t + float(offset)) / (1 + float(offset)) * math.pi / 2) ** 2
    return np.array([min(1 - alpha_bar((i + 1) / steps) / alpha_bar(i / steps), float(cap)) for i in range(steps)])


@form("cosine_schedule", "the vectorised port")
def cosine_betas(offset, cap, steps):
    t = torch.linspace(0, steps, steps + 1, dtype=torch.float64) / steps
    products = torch.cos((t + offset) / (1 + offset) * math.pi * 0.5) ** 2
    products = products / products[0]
    return torch.minimum(1 - products[1:] / products[:-1], cap)


@form("alpha_products", "DDPM's buffers")
def products_of_buffers(beta):
    alphas_cumprod = torch.cumprod(1.0 - beta, dim=0)
    return alphas_cumprod, 1.0 - alphas_cumprod


@form("alpha_products", "products through logarithms", framework="autograd")
def products_of_logarithms(beta):
    total = anp.cumsum(anp.log1p(-beta))
    return anp.exp(total), -anp.expm1(total)


@form("forward_marginal", "q_sample of DDPM's ports")
def q_sample(x0, eps, alpha_prod):
    return at(torch.sqrt(alpha_prod), x0) * x0 + at(torch.sqrt(1.0 - alpha_prod), x0) * eps


@form("forward_marginal", "add_noise of libraries")
def add_noise(x0, eps, alpha_prod):
    signal, noise = alpha_prod**0.5, (1 - alpha_prod) ** 0.5
    while signal.ndim < x0.ndim:
        signal, noise = signal.unsqueeze(-1), noise.unsqueeze(-1)
    return signal * x0 + noise * eps


@form("forward_marginal", "a NumPy lesson with its backward", framework="numpy")
def marginal_by_hand(x0, eps, alpha_prod):
    shape = (-1,) + (1,) * (x0.ndim - 1)
    s, n = np.sqrt(alpha_prod), np.sqrt(1 - alpha_prod)

    def pullback(bar):
        along = lambda y: (bar * y).reshape(len(bar), -1).sum(1)
        return {"x0": s.reshape(shape) * bar, "alpha_prod": along(x0) / (2 * s) - along(eps) / (2 * n)}

    return s.reshape(shape) * x0 + n.reshape(shape) * eps, pullback


@form("x0_from_eps", "buffers √(1/ᾱ) and √(1/ᾱ − 1)")
def predict_start_from_noise(xt, eps, alpha_prod):
    return at(torch.sqrt(1.0 / alpha_prod), xt) * xt - at(torch.sqrt(1.0 / alpha_prod - 1), xt) * eps


@form("x0_from_eps", "a scheduler's step")
def original_sample(xt, eps, alpha_prod):
    return (xt - at(1 - alpha_prod, xt).sqrt() * eps) / at(alpha_prod, xt).sqrt()


@form("eps_from_x0", "buffers √(1/ᾱ) and √(1/ᾱ − 1)")
def predict_noise_from_start(xt, x0, alpha_prod):
    return (at(torch.sqrt(1.0 / alpha_prod), xt) * xt - x0) / at(torch.sqrt(1.0 / alpha_prod - 1), xt)


@form("v_from_x0_eps", "get_velocity of libraries")
def velocity(x0, eps, alpha_prod):
    return at(alpha_prod**0.5, x0) * eps - at((1 - alpha_prod) ** 0.5, x0) * x0


@form("v_from_x0_eps", "angles of signal and noise")
def velocity_of_angle(x0, eps, alpha_prod):
    phi = at(torch.atan2(torch.sqrt(1 - alpha_prod), torch.sqrt(alpha_prod)), x0)
    return torch.cos(phi) * eps - torch.sin(phi) * x0


@form("x0_from_v", "v-prediction in a scheduler's step")
def start_from_velocity(xt, v, alpha_prod):
    return at(alpha_prod.sqrt(), xt) * xt - at((1 - alpha_prod).sqrt(), xt) * v


@form("eps_from_v", "v-prediction in a scheduler's step")
def noise_from_velocity(xt, v, alpha_prod):
    return at(alpha_prod.sqrt(), xt) * v + at((1 - alpha_prod).sqrt(), xt) * xt


@form("score_from_eps", "noise networks as scores")
def score_of_noise(eps, alpha_prod):
    return -eps / at(torch.sqrt(1.0 - alpha_prod), eps)


@form("score_from_eps", "the deviation of the VP marginal through its logarithm", framework="autograd")
def score_of_marginal(eps, alpha_prod):
    std = anp.sqrt(1.0 - anp.exp(2 * (0.5 * anp.log(alpha_prod))))
    return -eps / anp.reshape(std, (-1,) + (1,) * (eps.ndim - 1))


@form("eps_from_score", "score networks as noise networks")
def noise_of_score(score, alpha_prod):
    return -at((1 - alpha_prod).sqrt(), score) * score


@form("diffusion_posterior", "q_posterior with registered buffers")
def q_posterior(xt, x0, beta, alpha_prod_prev):
    alphas = 1.0 - beta
    alphas_cumprod = alphas * alpha_prod_prev
    coef1 = beta * torch.sqrt(alpha_prod_prev) / (1.0 - alphas_cumprod)
    coef2 = (1.0 - alpha_prod_prev) * torch.sqrt(alphas) / (1.0 - alphas_cumprod)
    variance = beta * (1.0 - alpha_prod_prev) / (1.0 - alphas_cumprod)
    return at(coef1, x0) * x0 + at(coef2, xt) * xt, variance


@form("diffusion_posterior", "the log-variance clipped where it is −∞, the schedule held", gradients=["xt", "x0"])
def q_posterior_of_log_variance(xt, x0, beta, alpha_prod_prev):
    alphas_cumprod = (1.0 - beta) * alpha_prod_prev
    variance = beta * (1.0 - alpha_prod_prev) / (1.0 - alphas_cumprod)
    log_variance = torch.where(variance > 0, torch.log(variance.clamp(min=torch.finfo(beta.dtype).tiny)), -math.inf)
    mean = at(beta * alpha_prod_prev.sqrt() / (1 - alphas_cumprod), x0) * x0
    mean = mean + at((1 - alpha_prod_prev) * (1 - beta).sqrt() / (1 - alphas_cumprod), xt) * xt
    return {"mean": mean, "variance": log_variance.exp()}


@form("diffusion_posterior", "a product of two Gaussians in precision form, one of them a point at t = 1",
      outputs=["mean"])
def posterior_of_two_sources(xt, x0, beta, alpha_prod_prev):
    spread = at(1 - alpha_prod_prev, xt)
    b, a = at(beta, xt), at(1 - beta, xt)
    return (a.sqrt() * xt * spread + b * at(alpha_prod_prev.sqrt(), x0) * x0) / (a * spread + b)


@form("simple_loss", "DDPM training, mean over pixels", convention="mean over components")
def loss_of_mse(prediction, x0, eps, alpha_prod, target):
    wanted = {"eps": eps, "x0": x0, "v": velocity(x0, eps, alpha_prod)}[target]
    return flat(F.mse_loss(prediction, wanted.detach(), reduction="none")).mean(dim=1)


@form("simple_loss", "sums over pixels, mean over the batch", reduction="mean")
def loss_summed(prediction, x0, eps, alpha_prod, target):
    wanted = eps if target == "eps" else x0 if target == "x0" else velocity(x0, eps, alpha_prod)
    return (wanted - prediction).square().reshape(len(x0), -1).sum(dim=1).mean(dim=0)


@form("simple_loss", "half the square", convention="half the square")
def loss_halved(prediction, x0, eps, alpha_prod, target):
    wanted = {"eps": eps, "x0": x0, "v": velocity(x0, eps, alpha_prod)}[target]
    return 0.5 * torch.linalg.vector_norm(flat(prediction - wanted), dim=1) ** 2


def reverse_variance(beta, alpha_prod_prev, variance):
    alphas_cumprod = (1 - beta) * alpha_prod_prev
    posterior = beta * (1 - alpha_prod_prev) / (1 - alphas_cumprod)
    return alphas_cumprod, posterior, posterior if variance == "posterior" else beta


@form("variational_loss", "DDPM's weight of the simple loss, and the constant beside it")
def vlb_term_weighted(prediction, eps, beta, alpha_prod_prev, variance):
    alphas_cumprod, posterior, sigma2 = reverse_variance(beta, alpha_prod_prev, variance)
    weight = beta**2 / (2 * sigma2 * (1 - beta) * (1 - alphas_cumprod))
    ratio = posterior / sigma2
    constant = 0.5 * (ratio - 1 - torch.log(ratio)) * flat(eps).shape[1]
    return weight * flat((eps - prediction) ** 2).sum(1) + constant


@form("variational_loss", "KL of two Gaussians, in bits per dimension", convention="bits per dimension")
def vlb_term_of_two_means(prediction, eps, beta, alpha_prod_prev, variance):
    alphas_cumprod, posterior, sigma2 = reverse_variance(beta, alpha_prod_prev, variance)
    scale = at(beta / torch.sqrt(1 - alphas_cumprod) / torch.sqrt(1 - beta), eps)
    log_true, log_model = at(posterior.log(), eps), at(sigma2.log(), eps)
    kl = -1.0 + log_model - log_true + torch.exp(log_true - log_model)
    kl = 0.5 * (kl + (scale * eps - scale * prediction) ** 2 * torch.exp(-log_model))
    return flat(kl).mean(1) / math.log(2.0)


@form("reconstruction_loss", "the decoder term as a normal density")
def decoder_term(prediction, eps, beta):
    mean = at(torch.sqrt(beta / (1 - beta)), eps) * (eps - prediction)
    density = D.Normal(mean, at(beta.sqrt(), eps).expand_as(mean))
    return -flat(density.log_prob(torch.zeros_like(mean))).sum(1)


@form("prior_loss", "_prior_bpd of the published codes", convention="bits per dimension")
def prior_bpd(x0, alpha_prod):
    mean, logvar = at(alpha_prod.sqrt(), x0) * x0, at(torch.log(1.0 - alpha_prod), x0)
    kl = 0.5 * (-1.0 - logvar + torch.exp(logvar) + mean**2)
    return flat(kl).mean(dim=1) / np.log(2.0)


@form("prior_loss", "torch.distributions")
def prior_of_distributions(x0, alpha_prod):
    q = D.Normal(at(alpha_prod.sqrt(), x0) * x0, at((1 - alpha_prod).sqrt(), x0).expand_as(x0))
    return flat(D.kl_divergence(q, D.Normal(0.0, 1.0))).sum(-1)


@form("variational_bound", "a loop over the terms of the bound")
def bound_term_by_term(prediction, x0, eps, beta, variance):
    products = torch.cumprod(1 - beta, 0)
    batch, spread = len(x0), lambda b: b.expand(len(x0))
    total = prior_of_distributions(x0, spread(products[-1]))
    for t in range(len(beta)):
        if t == 0:
            total = total + decoder_term(prediction[:, 0], eps[:, 0], spread(beta[0]))
        else:
            held = spread(beta[t]), spread(products[t - 1])
            total = total + vlb_term_weighted(prediction[:, t], eps[:, t], *held, variance)
    return total.reshape(batch)


@form("min_snr_weight", "training scripts of libraries")
def min_snr_stacked(alpha_prod, gamma, target):
    snr = alpha_prod / (1 - alpha_prod)
    clipped = torch.stack([snr, gamma * torch.ones_like(snr)], dim=1).min(dim=1)[0]
    return {"eps": clipped / snr, "v": clipped / (snr + 1), "x0": clipped}[target]


@form("min_snr_weight", "signal and noise deviations squared", framework="numpy")
def min_snr_of_deviations(alpha_prod, gamma, target):
    signal, noise = np.sqrt(alpha_prod), np.sqrt(1 - alpha_prod)
    snr = (signal / noise) ** 2
    weight = np.minimum(snr, gamma)
    return weight / snr if target == "eps" else weight / (snr + 1) if target == "v" else weight
