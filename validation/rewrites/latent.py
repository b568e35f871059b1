"""Latents."""

from typing import Any

import numpy as np

from refdgm import CATALOGUE

from .rewrite import rewrite


@rewrite("gumbel_max")
def by_sorting(logits: Any, gumbel: Any) -> Any:
    """The first of a stable descending sort."""
    return np.argsort(-(logits + gumbel), axis=-1, kind="stable")[:, 0]


@rewrite("gumbel_max")
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


@rewrite("gumbel_softmax")
def by_the_full_jacobian(logits: Any, gumbel: Any, tau: Any) -> Any:
    """diag(y) − y yᵀ as a matrix; z not measured from its maximum in τ̄."""
    return jacobian_form(logits, gumbel, tau)


@rewrite("gumbel_softmax")
def through_log_sum_exp(logits: Any, gumbel: Any, tau: Any) -> Any:
    """y = exp(z − log Σ exp z), the sum without a shift."""
    z = (logits + gumbel) / tau
    y = np.exp(z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)))

    def pullback(bar: Any) -> dict[str, Any]:
        z_bar = y * bar - y * np.sum(y * bar, axis=-1, keepdims=True)
        logits_bar = z_bar / tau
        return {"logits": logits_bar, "tau": -np.sum(logits_bar * (logits + gumbel)) / tau}

    return y, pullback


@rewrite("gumbel_softmax")
def shifted_logits(logits: Any, gumbel: Any, tau: Any) -> Any:
    """Logits normalised to log-probabilities first, which changes nothing."""
    normalised = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    return CATALOGUE["gumbel_softmax"].body(normalised, gumbel, tau)


@rewrite("gumbel_softmax")
def categories_in_reverse(logits: Any, gumbel: Any, tau: Any) -> Any:
    """The opposite order of summation over the categories."""
    y, right = CATALOGUE["gumbel_softmax"].body(logits[:, ::-1], gumbel[:, ::-1], tau)
    return y[:, ::-1], lambda bar: (g := right(bar[:, ::-1])) | {"logits": g["logits"][:, ::-1]}


@rewrite("straight_through_gumbel_softmax")
def hard_minus_soft_plus_soft(logits: Any, gumbel: Any, tau: Any) -> Any:
    """(c − sg(y)) + y, as it is written with automatic differentiation: not exactly one-hot."""
    y, pullback = jacobian_form(logits, gumbel, tau)
    c = np.eye(y.shape[1])[np.argmax(y, axis=-1)]
    return (c - y) + y, pullback


@rewrite("vector_quantization")
def expanded_distance(z: Any, codebook: Any, beta: Any) -> Any:
    """‖z‖² − 2⟨z, e⟩ + ‖e‖², the sum over assigned examples by scattering."""
    apart = np.sum(z**2, axis=1)[:, None] - 2 * z @ codebook.T + np.sum(codebook**2, axis=1)
    k = np.argmin(apart, axis=1)
    q = codebook[k]
    loss = np.sum((q - z) ** 2, axis=1)

    def pullback(q_bar: Any, c_bar: Any, m_bar: Any) -> dict[str, Any]:
        codebook_bar = np.zeros_like(codebook)
        np.add.at(codebook_bar, k, 2 * c_bar[:, None] * (q - z))
        z_bar = q_bar - 2 * beta * m_bar[:, None] * (q - z)
        return {"z": z_bar, "codebook": codebook_bar, "beta": m_bar @ loss}

    return (k, z + (q - z), loss, beta * loss), pullback


@rewrite("vector_quantization")
def by_one_hot_products(z: Any, codebook: Any, beta: Any) -> Any:
    """q = onehot(k) e, ē from two matrix products, the norms by a square root and its square."""
    k = np.argmin(np.sqrt(np.sum((z[:, None] - codebook) ** 2, axis=-1)), axis=1)
    hot = np.eye(codebook.shape[0])[k]
    q = hot @ codebook
    loss = np.linalg.norm(z - q, axis=1) ** 2

    def pullback(q_bar: Any, c_bar: Any, m_bar: Any) -> dict[str, Any]:
        counts = hot.T @ c_bar
        return {
            "z": q_bar + 2 * beta * (m_bar[:, None] * z - m_bar[:, None] * q),
            "codebook": 2 * (counts[:, None] * codebook - hot.T @ (c_bar[:, None] * z)),
            "beta": np.sum(m_bar * loss),
        }

    return (k, q, loss, loss * beta), pullback
