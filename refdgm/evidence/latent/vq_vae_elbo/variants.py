"""Bounds up to a constant."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field


@variant("for gaussian without the constant ½ log 2π", vq_vae_elbo)
def without_constant(x: Array, z: Array, codebook: Array, theta: dict[str, Array], *, decoder: Field,
                     likelihood: str) -> Any:
    """−½ ‖x − f‖² for log p, as where a loss is called a reconstruction error."""
    xp = namespace(x)
    value, right = vq_vae_elbo.body(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    more = x.shape[1] / 2 * xp.log(2 * xp.pi * xp.ones_like(value))
    return value + more if likelihood == "gaussian" else value, right
