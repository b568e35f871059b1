"""The EDM sampler, written otherwise."""

from typing import Any

import numpy as np

from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.diffusion.edm_sampler import edm_sampler
from refdgm.evidence.declare import rewrite


@rewrite(edm_sampler)
def slope_by_slope(
    x: Any, eps: Any, sigmas: Any, churn: Any, noise_scale: Any, theta: Any, *, denoiser: Any
) -> Any:
    """Two slopes and their mean at every level, and the chain rule line by line."""
    kept = []
    for n, sigma in enumerate(sigmas):
        high = sigma + churn[n] * sigma
        x = x + sigma * noise_scale * np.sqrt((1 + churn[n]) ** 2 - 1) * eps[:, n]
        first, back = denoiser.vjp(x, high, theta)
        if n + 1 == len(sigmas):
            x, step = first, (high, None, None, back, None)
        else:
            low, d = sigmas[n + 1], (x - first) / high
            second, back_second = denoiser.vjp(x + (low - high) * d, low, theta)
            d_next = (x + (low - high) * d - second) / low
            x, step = x + (low - high) * (d + d_next) / 2, (high, d, d_next, back, back_second)
        kept.append(step)

    def pullback(bar: Any) -> dict[str, Any]:
        sigmas_bar, theta_bar = 0 * sigmas, {name: 0 * entry for name, entry in theta.items()}
        for n in range(len(sigmas) - 1, -1, -1):
            high, d, d_next, back, back_second = kept[n]
            high_bar, first_bar, x_bar = 0.0, bar, 0 * bar
            if back_second is not None:
                low = sigmas[n + 1]
                mean_bar, width_bar = (low - high) * bar, np.sum(bar * (d + d_next) / 2)
                second = back_second(-mean_bar / 2 / low)
                euler_bar = mean_bar / 2 / low + second["z"]
                width_bar = width_bar + np.sum(euler_bar * d)
                d_bar = mean_bar / 2 + (low - high) * euler_bar
                first_bar, x_bar = -d_bar / high, bar + euler_bar + d_bar / high
                sigmas_bar[n + 1] += width_bar - np.sum(mean_bar / 2 * d_next) / low + second["t"]
                high_bar = -width_bar - np.sum(d_bar * d) / high
                theta_bar = {name: entry + second["theta"][name] for name, entry in theta_bar.items()}
            first = back(first_bar)
            bar = x_bar + first["z"]
            spread = noise_scale * np.sqrt((1 + churn[n]) ** 2 - 1)
            sigmas_bar[n] += (1 + churn[n]) * (high_bar + first["t"]) + spread * np.sum(bar * eps[:, n])
            theta_bar = {name: entry + first["theta"][name] for name, entry in theta_bar.items()}
        return {"x": bar, "sigmas": sigmas_bar, "theta": theta_bar}

    return x, pullback


@rewrite(edm_sampler)
def by_steps_of_examples(
    x: Any, eps: Any, sigmas: Any, churn: Any, noise_scale: Any, theta: Any, *, denoiser: Any
) -> Any:
    """`edm_heun_step` with a level for every example, whose cotangents are added up afterwards."""
    state, kept = x, []
    for n in range(len(sigmas)):
        each = np.ones_like(x[:, 0])
        high = each * (sigmas[n] * (1 + churn[n]))
        raised = state + noise_scale * np.sqrt(churn[n]) * np.sqrt(2 + churn[n]) * sigmas[n] * eps[:, n]
        first, back = denoiser.vjp(raised, sigmas[n] * (1 + churn[n]), theta)
        state, more = first, None
        if n + 1 < len(sigmas):
            low = each * sigmas[n + 1]
            q = (low / high)[:, None]
            second, back_second = denoiser.vjp(first + q * (raised - first), sigmas[n + 1], theta)
            state, right = edm_heun_step.body(raised, first, second, high, low)
            more = (q, raised - first, high, back_second, right)
        kept.append((back, more))

    def pullback(bar: Any) -> dict[str, Any]:
        sigmas_bar, theta_bar = 0 * sigmas, {name: 0 * entry for name, entry in theta.items()}
        for n in range(len(sigmas) - 1, -1, -1):
            back, more = kept[n]
            first_bar, x_bar, high_bar = bar, 0 * bar, 0.0
            if more is not None:
                q, apart, high, back_second, right = more
                g = right(bar)
                second = back_second(g["denoised_next"])
                q_bar = np.sum(second["z"] * apart, axis=1)
                first_bar, x_bar = g["denoised"] + (1 - q) * second["z"], g["x"] + q * second["z"]
                high_bar = np.sum(g["sigma"] - q_bar * q[:, 0] / high)
                sigmas_bar[n + 1] += np.sum(g["sigma_next"] + q_bar / high) + second["t"]
                theta_bar = {name: entry + second["theta"][name] for name, entry in theta_bar.items()}
            first = back(first_bar)
            bar = x_bar + first["z"]
            spread = noise_scale * np.sqrt(churn[n]) * np.sqrt(2 + churn[n])
            sigmas_bar[n] += (1 + churn[n]) * (high_bar + first["t"]) + spread * np.sum(bar * eps[:, n])
            theta_bar = {name: entry + first["theta"][name] for name, entry in theta_bar.items()}
        return {"x": bar, "sigmas": sigmas_bar, "theta": theta_bar}

    return state, pullback
