"""Densities up to a constant."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.primitives.gaussian_log_density import gaussian_log_density


@variant("without the constant ½ log 2π", gaussian_log_density)
def without_constant(x: Array, mean: Array, logvar: Array) -> Any:
    """−½ Σ (r² + λ): a loss may leave the constant out, as torch.nn.functional.gaussian_nll_loss does by default."""
    xp = namespace(x)
    apart = x - mean
    h = xp.exp(xp.where(apart == 0, 0.0, logvar / -4))
    r = apart * h * h
    return -xp.sum(r * (r / 2) + logvar / 2, axis=-1), gaussian_log_density.body(x, mean, logvar)[1]
