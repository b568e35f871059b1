"""Steps and samplers between noise levels."""

import torch

from .batch import per_example


def edm_heun_step(x, denoised, denoised_next, sigma, sigma_next):
    t, t_next = per_example(sigma, x), per_example(sigma_next, x)
    d = (x - denoised) / t
    d_next = (x + (t_next - t) * d - denoised_next) / t_next
    return x + (t_next - t) * (0.5 * d + 0.5 * d_next)


def dpm_solver_pp_2m_step(x, x0, x0_prev, lam, step, step_prev, *, process):
    """As schedulers have it, from α and σ at both times."""
    after = lam + step
    if process == "vp":
        alpha, sigma = torch.sigmoid(2 * after).sqrt(), torch.sigmoid(-2 * after).sqrt()
        ratio = sigma / torch.sigmoid(-2 * lam).sqrt()
    else:
        alpha, ratio = torch.ones_like(lam), torch.exp(-step)
    change, r = per_example(alpha * torch.expm1(-step), x), per_example(step_prev / step, x)
    difference = (x0 - x0_prev) / r
    return per_example(ratio, x) * x - change * x0 - 0.5 * change * difference


def edm_sampler(x, eps, sigmas, churn, noise_scale, theta, *, denoiser):
    """As NVLabs' loop and its many copies go; a level that is not raised is left alone."""
    below = torch.cat([sigmas[1:], torch.zeros_like(sigmas[:1])])
    for t, t_next, gamma, noise in zip(sigmas, below, churn, eps.unbind(1), strict=True):
        t_hat = t * (1 + gamma)
        x_hat = x + (t_hat**2 - t**2).sqrt() * noise_scale * noise if gamma > 0 else x
        d = (x_hat - denoiser(x_hat, t_hat, theta)) / t_hat
        x = x_hat + (t_next - t_hat) * d
        if t_next > 0:
            d_next = (x - denoiser(x, t_next, theta)) / t_next
            x = x_hat + (t_next - t_hat) * (0.5 * d + 0.5 * d_next)
    return x
