"""The Gumbel draw, its relaxation and the straight-through estimator, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.gumbel_softmax import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax


@rewrite(gumbel_max)
def by_sorting(logits: Any, gumbel: Any) -> Any:
    """The first of a stable descending sort."""
    return np.argsort(-(logits + gumbel), axis=-1, kind="stable")[:, 0]


@rewrite(gumbel_max)
def exponential_race(logits: Any, gumbel: Any) -> Any:
    """The first arrival of independent exponential clocks: argmin E/π with E = e^{−g}."""
    return np.argmin(np.exp(-gumbel - logits), axis=-1)


def jacobian_form(logits: Any, gumbel: Any, tau: Any) -> Any:
    z = (logits + gumbel) / tau
    y = np.exp(z - np.max(z, axis=-1, keepdims=True))
    y = y / np.sum(y, axis=-1, keepdims=True)
    jacobian = y[:, :, None] * np.eye(y.shape[1]) - y[:, :, None] * y[:, None, :]

    def pullback(bar: Any) -> dict[str, Any]:
        z_bar = np.einsum("bij,bj->bi", jacobian, bar)
        return {"logits": z_bar / tau, "tau": -np.sum(z_bar * z) / tau}

    return y, pullback


@rewrite(gumbel_softmax)
def by_the_full_jacobian(logits: Any, gumbel: Any, tau: Any) -> Any:
    """diag(y) − y yᵀ as a matrix; z not measured from its maximum in τ_bar."""
    return jacobian_form(logits, gumbel, tau)


@rewrite(gumbel_softmax)
def through_log_sum_exp(logits: Any, gumbel: Any, tau: Any) -> Any:
    """y = exp(z − log Σ exp z), the sum without a shift."""
    z = (logits + gumbel) / tau
    y = np.exp(z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)))

    def pullback(bar: Any) -> dict[str, Any]:
        z_bar = y * bar - y * np.sum(y * bar, axis=-1, keepdims=True)
        logits_bar = z_bar / tau
        return {"logits": logits_bar, "tau": -np.sum(logits_bar * (logits + gumbel)) / tau}

    return y, pullback


@rewrite(gumbel_softmax)
def shifted_logits(logits: Any, gumbel: Any, tau: Any) -> Any:
    """Logits normalised to log-probabilities first, which changes nothing."""
    normalised = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    return gumbel_softmax.body(normalised, gumbel, tau)


@rewrite(gumbel_softmax)
def categories_in_reverse(logits: Any, gumbel: Any, tau: Any) -> Any:
    """The opposite order of summation over the categories."""
    y, right = gumbel_softmax.body(logits[:, ::-1], gumbel[:, ::-1], tau)
    return y[:, ::-1], lambda bar: (g := right(bar[:, ::-1])) | {"logits": g["logits"][:, ::-1]}


@rewrite(straight_through_gumbel_softmax)
def hard_minus_soft_plus_soft(logits: Any, gumbel: Any, tau: Any) -> Any:
    """(c − sg(y)) + y, as it is written with automatic differentiation: not exactly one-hot."""
    y, pullback = jacobian_form(logits, gumbel, tau)
    c = np.eye(y.shape[1])[np.argmax(y, axis=-1)]
    return (c - y) + y, pullback
