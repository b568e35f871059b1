"""Forms of timesteps, sampling steps and guidance."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def wide(table, x):
    return table.view(-1, *[1] * (x.ndim - 1))


@form("strided_schedule", "spacings of samplers in NumPy", framework="numpy")
def spaced_in_numpy(beta, steps, spacing):
    count, products = len(beta), np.cumprod(1.0 - beta)
    if spacing == "linspace":
        timesteps = np.linspace(0, count - 1, steps).round()[::-1].astype(np.int64)
    elif spacing == "leading":
        timesteps = (np.arange(0, steps) * (count // steps)).round()[::-1].astype(np.int64)
    else:
        timesteps = np.round(np.arange(steps, 0, -1) * count / steps).astype(np.int64) - 1
    here = products[timesteps]
    there = np.append(products[timesteps[1:]], np.ones((), beta.dtype))
    return timesteps, 1 - here / there, here, there


@form("strided_schedule", "a respaced process that collects its betas one by one")
def respaced(beta, steps, spacing):
    count = len(beta)
    if spacing == "linspace":
        use = torch.round(torch.arange(steps, dtype=torch.float64) * (count - 1) / max(steps - 1, 1))
    elif spacing == "leading":
        use = torch.arange(0, steps) * (count // steps)
    else:
        use = torch.round(torch.arange(1, steps + 1, dtype=torch.float64) * count / steps) - 1
    use, products = use.long(), torch.cumprod(1.0 - beta, dim=0)
    last, betas, before = torch.ones((), dtype=beta.dtype), [], []
    for i in use.tolist():
        betas.append(1 - products[i] / last)
        before.append(last)
        last = products[i]
    return {
        "timestep": use.flip(0),
        "beta": torch.stack(betas).flip(0),
        "alpha_prod": products[use].flip(0),
        "alpha_prod_prev": torch.stack(before).flip(0),
    }


@form("ancestral_step", "the mean in ε, the noise switched by a mask",
      convention="no noise at t = 1, where ᾱ_{t−1} = 1")
def p_sample(xt, eps_pred, noise, beta, alpha_prod_prev, variance):
    alphas_cumprod = (1 - beta) * alpha_prod_prev
    model_mean = wide(torch.sqrt(1 / (1 - beta)), xt) * (
        xt - wide(beta / torch.sqrt(1 - alphas_cumprod), xt) * eps_pred
    )
    posterior = beta * (1 - alpha_prod_prev) / (1 - alphas_cumprod)
    sigma = torch.sqrt(posterior if variance == "posterior" else beta)
    mask = wide((alpha_prod_prev < 1).to(xt.dtype), xt)
    return model_mean + mask * wide(sigma, xt) * noise


@form("ancestral_step", "the mean through the predicted data and the posterior's buffers")
def p_sample_through_x0(xt, eps_pred, noise, beta, alpha_prod_prev, variance):
    alphas_cumprod = (1 - beta) * alpha_prod_prev
    start = wide((1 / alphas_cumprod).sqrt(), xt) * xt - wide((1 / alphas_cumprod - 1).sqrt(), xt) * eps_pred
    coef1 = beta * alpha_prod_prev.sqrt() / (1 - alphas_cumprod)
    coef2 = (1 - alpha_prod_prev) * (1 - beta).sqrt() / (1 - alphas_cumprod)
    posterior = beta * (1 - alpha_prod_prev) / (1 - alphas_cumprod)
    var = posterior if variance == "posterior" else beta
    return wide(coef1, xt) * start + wide(coef2, xt) * xt + wide(var.sqrt(), xt) * noise


@form("ddim_step", "the published DDIM code, η a setting", gradients=["xt", "eps_pred"])
def ddim_sample(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    prev = wide(alpha_prod_prev, xt)
    now = wide((1 - beta) * alpha_prod_prev, xt)
    x0 = (xt - eps_pred * (1 - now).sqrt()) / now.sqrt()
    c1 = eta * ((1 - now / prev) * (1 - prev) / (1 - now)).sqrt()
    c2 = ((1 - prev) - c1**2).sqrt()
    return prev.sqrt() * x0 + c1 * noise + c2 * eps_pred


@form("ddim_step", "guided-diffusion's form, η a setting", gradients=["xt", "eps_pred"])
def ddim_of_guided(xt, eps_pred, noise, beta, alpha_prod_prev, eta):
    prev, now = wide(alpha_prod_prev, xt), wide((1 - beta) * alpha_prod_prev, xt)
    start = torch.sqrt(1.0 / now) * xt - torch.sqrt(1.0 / now - 1) * eps_pred
    sigma = eta * torch.sqrt((1 - prev) / (1 - now)) * torch.sqrt(1 - now / prev)
    return start * torch.sqrt(prev) + torch.sqrt(1 - prev - sigma**2) * eps_pred + sigma * noise


@form("classifier_guidance", "the noise moved against the classifier's gradient")
def condition_noise(eps_pred, log_prob_grad, alpha_prod, gamma):
    return eps_pred - wide((1 - alpha_prod).sqrt(), eps_pred) * (gamma * log_prob_grad)


@form("classifier_guidance", "through the score and back", framework="autograd")
def condition_score(eps_pred, log_prob_grad, alpha_prod, gamma):
    std = anp.reshape(anp.sqrt(1 - alpha_prod), (-1,) + (1,) * (eps_pred.ndim - 1))
    score = -eps_pred / std + gamma * log_prob_grad
    return -std * score


@form("classifier_free_guidance", "pipelines: uncond + scale · (text − uncond)")
def guided_from_uncond(eps_cond, eps_uncond, gamma):
    both = torch.cat([eps_uncond, eps_cond])
    noise_uncond, noise_text = both.chunk(2)
    return noise_uncond + gamma * (noise_text - noise_uncond)


@form("classifier_free_guidance", "the paper's (1 + w) and w", convention="w = γ − 1")
def guided_by_w(eps_cond, eps_uncond, gamma):
    return (1 + gamma) * eps_cond - gamma * eps_uncond


@form("classifier_free_guidance", "interpolation of the two")
def guided_by_lerp(eps_cond, eps_uncond, gamma):
    return torch.lerp(eps_uncond, eps_cond, gamma)


@form("classifier_free_guidance", "weights γ and 1 − γ", framework="autograd")
def guided_by_weights(eps_cond, eps_uncond, gamma):
    return gamma * eps_cond + (1 - gamma) * eps_uncond


@form("classifier_free_guidance", "a NumPy step with its backward", framework="numpy")
def guided_by_hand(eps_cond, eps_uncond, gamma):
    def pullback(bar):
        return {
            "eps_cond": gamma * bar,
            "eps_uncond": bar - gamma * bar,
            "gamma": np.sum(bar * (eps_cond - eps_uncond)),
        }

    return eps_cond + (gamma - 1) * (eps_cond - eps_uncond), pullback


@form("guidance_rescale", "pipelines: standard deviations over all axes but the first")
def rescale_noise(guided, cond, phi):
    axes = lambda x: x.reshape(x.shape[0], -1).std(dim=1).view(-1, *[1] * (x.ndim - 1))
    rescaled = guided * (axes(cond) / axes(guided))
    return phi * rescaled + (1 - phi) * guided


@form("guidance_rescale", "a factor, guarded where there is no deviation")
def rescale_guarded(guided, cond, phi):
    def deviation(x):
        off = x.reshape(x.shape[0], -1)
        off = off - off.mean(dim=1, keepdim=True)
        squares = (off**2).sum(1)
        return torch.where(squares > 0, torch.where(squares > 0, squares, 1.0).sqrt(), 0.0)

    s, c = deviation(guided), deviation(cond)
    factor = torch.where(s > 0, c / torch.where(s > 0, s, 1.0), 1.0)
    return wide(phi * factor + 1 - phi, guided) * guided
