"""The loss of contrastive divergence, written otherwise."""

from typing import Any

from refdgm.energy.contrastive_divergence_loss import contrastive_divergence_loss
from refdgm.evidence.declare import rewrite


@rewrite(contrastive_divergence_loss)
def term_by_term(energy_data: Any, energy_model: Any, regularization: Any) -> Any:
    """The difference, and the penalty beside it, each differentiated by itself."""
    difference = energy_data - energy_model
    penalty = regularization * (energy_data**2 + energy_model**2)

    def pullback(bar: Any) -> dict[str, Any]:
        of_penalty = 2 * (bar * regularization)
        return {"energy_data": bar + of_penalty * energy_data, "energy_model": of_penalty * energy_model - bar}

    return difference + penalty, pullback
