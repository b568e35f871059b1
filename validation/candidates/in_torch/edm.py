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
