"""The ratio of energies, where others have log-densities."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array
from refdgm.sde.mala_log_ratio import mala_log_ratio

NEGATED = ("score_x", "score_y", "log_density_x", "log_density_y")


@variant("energies and their gradients", mala_log_ratio)
def of_energies(x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array,
                step: Array) -> Any:
    """U = −log p and ∇U in the places of log p and the score; A itself has its sign."""
    ratio, right = mala_log_ratio.body(x, y, -score_x, -score_y, -log_density_x, -log_density_y, step)
    return ratio, lambda bar: {name: -grad if name in NEGATED else grad for name, grad in right(bar).items()}
