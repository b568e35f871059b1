"""The bound of a VQ-VAE, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.gaussian_log_density import gaussian_log_density


@rewrite(vq_vae_elbo)
def position_by_position(x: Any, z: Any, codebook: Any, theta: Any, *, decoder: Any, likelihood: str) -> Any:
    """Distances by their square roots, one position after the other; gradients scattered into the codebook."""
    k = np.stack([np.argmin(np.linalg.norm(z[:, n, None] - codebook, axis=-1), axis=1) for n in range(z.shape[1])], 1)
    q = np.concatenate([codebook[k[:, n]] for n in range(z.shape[1])], axis=1)
    out, into_decoder = decoder.vjp(q, theta)
    if likelihood == "gaussian":
        log_p, into_law = gaussian_log_density.body(x, out, 0 * x)
    else:
        log_p, into_law = bernoulli_log_likelihood.body(out, x)

    def pullback(bar: Any) -> dict[str, Any]:
        law = into_law(bar)
        back = into_decoder(law["mean" if likelihood == "gaussian" else "logits"])
        codebook_bar = np.zeros_like(codebook)
        np.add.at(codebook_bar, k, np.reshape(back["x"], z.shape))
        return {"x": law["x"], "codebook": codebook_bar, "theta": back["theta"]}

    return log_p - z.shape[1] * np.log(len(codebook)), pullback


@rewrite(vq_vae_elbo)
def by_one_hot_products(x: Any, z: Any, codebook: Any, theta: Any, *, decoder: Any, likelihood: str) -> Any:
    """Squares about the mean of the codes, expanded; q = onehot(k) e, and the prior as log-probabilities added up."""
    about = np.mean(codebook, axis=0)
    u, e = z - about, codebook - about
    k = np.argmin(np.sum(u * u, axis=-1)[..., None] - 2 * u @ e.T + np.sum(e * e, axis=1), axis=-1)
    hot = np.eye(len(codebook))[k]
    out, into_decoder = decoder.vjp(np.reshape(hot @ codebook, (len(x), -1)), theta)
    each = -((x - out) ** 2 + np.log(2 * np.pi)) / 2 if likelihood == "gaussian" else x * out - np.logaddexp(0, out)
    prior = np.sum(hot @ np.full((len(codebook), 1), -np.log(len(codebook))), axis=(1, 2))

    def pullback(bar: Any) -> dict[str, Any]:
        slope = x - out if likelihood == "gaussian" else x - np.exp(-np.logaddexp(0, -out))
        back = into_decoder(bar[:, None] * slope)
        return {"x": bar[:, None] * (-slope if likelihood == "gaussian" else out),
                "codebook": np.einsum("bnk,bnz->kz", hot, np.reshape(back["x"], z.shape)), "theta": back["theta"]}

    return np.sum(each, axis=1) + prior, pullback
