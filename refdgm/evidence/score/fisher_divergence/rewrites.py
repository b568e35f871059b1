"""The Fisher divergence, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.score.examples import flat
from refdgm.score.fisher_divergence import fisher_divergence


@rewrite(fisher_divergence)
def expanded_square(score: Any, target: Any) -> Any:
    """½ ‖s‖² − ⟨s, t⟩ + ½ ‖t‖²."""
    s, t = flat(score), flat(target)
    loss = np.sum(s**2, axis=1) / 2 - np.sum(s * t, axis=1) + np.sum(t**2, axis=1) / 2

    def pullback(bar: Any) -> dict[str, Any]:
        each = bar[:, None]
        return {
            "score": (each * s - each * t).reshape(score.shape),
            "target": (each * t - each * s).reshape(score.shape),
        }

    return loss, pullback


@rewrite(fisher_divergence)
def norm_and_its_square(score: Any, target: Any) -> Any:
    """Half the square of the norm, components in reverse."""
    loss = np.linalg.norm(flat(target - score)[:, ::-1], axis=1) ** 2 / 2

    def pullback(bar: Any) -> dict[str, Any]:
        target_bar = ((flat(target) - flat(score)).T * bar).T.reshape(score.shape)
        return {"score": 0 - target_bar, "target": target_bar}

    return loss, pullback
