"""The step of DPM-Solver++(2M), written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.dpm_solver_pp_2m_step import dpm_solver_pp_2m_step
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import along


@rewrite(dpm_solver_pp_2m_step)
def noise_kept(x: Any, x0: Any, x0_prev: Any, lam: Any, step: Any, step_prev: Any, *, process: str) -> Any:
    """α′ D + σ′ (x − α D)/σ: the extrapolated data and the noise that belongs to them, as a DDIM step."""
    after = lam + step
    alpha, alpha_next = (np.ones_like(lam),) * 2
    sigma, sigma_next = np.exp(-lam), np.exp(-after)
    if process == "vp":
        alpha, alpha_next = (np.sqrt((1 + np.tanh(t)) / 2) for t in (lam, after))
        sigma, sigma_next = (np.sqrt(1 / (1 + np.exp(2 * t))) for t in (lam, after))
    alpha, alpha_next, sigma, sigma_next = (along(t, x) for t in (alpha, alpha_next, sigma, sigma_next))
    share = along(step / step_prev, x) / 2
    data = (1 + share) * x0 - share * x0_prev
    noise = (x - alpha * data) / sigma

    def pullback(bar: Any) -> dict[str, Any]:
        noise_bar = sigma_next * bar
        data_bar = alpha_next * bar - alpha / sigma * noise_bar
        return {"x": noise_bar / sigma, "x0": data_bar + share * data_bar, "x0_prev": -share * data_bar}

    return alpha_next * data + sigma_next * noise, pullback


@rewrite(dpm_solver_pp_2m_step)
def by_softplus(x: Any, x0: Any, x0_prev: Any, lam: Any, step: Any, step_prev: Any, *, process: str) -> Any:
    """log σ = −½ softplus(2λ) and log α = −½ softplus(−2λ), and the quotient as the exponential of a difference."""
    after = lam + step
    log_alpha, log_ratio = np.zeros_like(lam), -step
    if process == "vp":
        log_alpha = -np.logaddexp(np.zeros_like(lam), -2 * after) / 2
        log_ratio = (np.logaddexp(np.zeros_like(lam), 2 * lam) - np.logaddexp(np.zeros_like(lam), 2 * after)) / 2
    weight = np.exp(log_alpha) - np.exp(log_alpha - step)
    rows = np.exp(log_ratio), weight * (1 + step / (2 * step_prev)), -weight * (step / (2 * step_prev))
    of_x, of_x0, of_prev = (along(row.astype(x.dtype), x) for row in rows)
    return of_x * x + of_x0 * x0 + of_prev * x0_prev, lambda bar: {
        "x": of_x * bar, "x0": of_x0 * bar, "x0_prev": of_prev * bar}
