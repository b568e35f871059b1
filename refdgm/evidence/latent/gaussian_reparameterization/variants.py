"""Draws of which the log-variance is cut off."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.namespace import Array, namespace


@variant("log-variances clamped to [−30, 20]", gaussian_reparameterization)
def clamped(mean: Array, logvar: Array, eps: Array) -> Any:
    """As latent-diffusion has it and what was made after it: beyond the ends λ is the end, and has no gradient."""
    xp = namespace(mean)
    inside = xp.astype((logvar >= -30) & (logvar <= 20), logvar.dtype)
    z, right = gaussian_reparameterization.body(mean, xp.minimum(xp.maximum(logvar, -30), 20), eps)
    return z, lambda bar: (g := right(bar)) | {"logvar": g["logvar"] * inside}
