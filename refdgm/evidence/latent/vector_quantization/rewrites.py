"""Vector quantization, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.vector_quantization import vector_quantization


@rewrite(vector_quantization)
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


@rewrite(vector_quantization)
def by_one_hot_products(z: Any, codebook: Any, beta: Any) -> Any:
    """q = onehot(k) e, e_bar from two matrix products, the norms by a square root and its square."""
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
