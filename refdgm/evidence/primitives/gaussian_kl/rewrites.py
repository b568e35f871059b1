"""The divergences of diagonal Gaussians, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.primitives.gaussian_kl import gaussian_kl, gaussian_kl_between


@rewrite(gaussian_kl)
def textbook_sum(mean: Any, logvar: Any) -> Any:
    """−½ Σ (1 + λ − μ² − e^λ), its three parts left to cancel."""
    loss = -0.5 * np.sum(1 + logvar - mean**2 - np.exp(logvar), axis=1)
    return loss, lambda bar: {
        "mean": bar[:, None] * mean,
        "logvar": 0.5 * bar[:, None] * (np.exp(logvar) - 1),
    }


@rewrite(gaussian_kl)
def by_deviations(mean: Any, logvar: Any) -> Any:
    """With σ = e^{λ/2} and log σ; the gradient passes through σ."""
    sigma = np.exp(logvar / 2)
    loss = np.sum((mean**2 + sigma**2) / 2 - np.log(sigma), axis=1) - mean.shape[1] / 2

    def pullback(bar: Any) -> dict[str, Any]:
        sigma_bar = bar[:, None] * (sigma - 1 / sigma)
        return {"mean": bar[:, None] * mean, "logvar": sigma_bar * sigma / 2}

    return loss, pullback


@rewrite(gaussian_kl)
def latents_in_reverse(mean: Any, logvar: Any) -> Any:
    """The opposite order of summation over the latents."""
    loss, right = gaussian_kl.body(mean[:, ::-1], logvar[:, ::-1])
    return loss, lambda bar: {name: g[:, ::-1] for name, g in right(bar).items()}


@rewrite(gaussian_kl_between)
def by_variances(mean_q: Any, logvar_q: Any, mean_p: Any, logvar_p: Any) -> Any:
    """log(σ_p/σ_q) + (σ_q² + (μ_q − μ_p)²)/(2σ_p²) − ½, with variances."""
    vq, vp, apart = np.exp(logvar_q), np.exp(logvar_p), mean_q - mean_p
    loss = np.sum(0.5 * np.log(vp / vq) + (vq + apart**2) / (2 * vp) - 0.5, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        each = bar[:, None]
        return {
            "mean_q": each * apart / vp,
            "logvar_q": each * (vq / vp - 1) / 2,
            "mean_p": -each * apart / vp,
            "logvar_p": each * (1 - (vq + apart**2) / vp) / 2,
        }

    return loss, pullback


@rewrite(gaussian_kl_between)
def as_cross_entropy_less_entropy(mean_q: Any, logvar_q: Any, mean_p: Any, logvar_p: Any) -> Any:
    """E_q[−log p] − H(q), each with its log 2πe."""
    cross = np.log(2 * np.pi) + logvar_p + (np.exp(logvar_q) + (mean_q - mean_p) ** 2) * np.exp(-logvar_p)
    entropy = np.log(2 * np.pi * np.e) + logvar_q
    right = by_variances.body(mean_q, logvar_q, mean_p, logvar_p)[1]
    return np.sum(cross, axis=1) / 2 - np.sum(entropy, axis=1) / 2, right
