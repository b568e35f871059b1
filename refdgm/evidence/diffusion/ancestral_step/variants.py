"""The last step of a sampler."""

from typing import Any

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.evidence.declare import variant
from refdgm.namespace import Array
from refdgm.numerics.components import against


@variant("no noise at t = 1, where ᾱ_{t−1} = 1", ancestral_step)
def last_step_without_noise(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, *, variance: str
) -> Any:
    """z = 0 at t = 1, as in algorithm 2 of Ho et al. and the mask of every sampler; a caller's z here."""
    kept = against(1.0 * (alpha_prod_prev != 1), xt)
    return ancestral_step.body(xt, eps_pred, kept * noise, beta, alpha_prod_prev, variance=variance)
