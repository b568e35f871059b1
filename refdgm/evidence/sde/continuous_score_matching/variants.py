"""The objective with the deviation of the exploding process as most code has it."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against
from refdgm.sde.continuous_score_matching import continuous_score_matching


@variant("for ve std = σ(t)", continuous_score_matching)
def deviation_is_sigma(
    score: Array, eps: Array, t: Array, low: Array, high: Array, *, process: str, weighting: str
) -> Any:
    """ς = low (high/low)^t for ve, as in score_sde and what was made after it: there g/ς is the same at all times."""
    if process != "ve":
        return continuous_score_matching.body(score, eps, t, low, high, process=process, weighting=weighting)
    xp, rest = namespace(score), tuple(range(1, score.ndim))
    sigma = low * (high / low) ** t
    swelling = xp.sqrt(2 * xp.log1p((high - low) / low)) + 0 * t
    root = {"std2": sigma, "diffusion2": swelling * sigma, "one": xp.ones_like(t)}[weighting]
    r = against(root / sigma, score) * (against(sigma, score) * score + eps)
    return xp.sum(r * r / 2, axis=rest), lambda bar: {"score": against(bar * root, score) * r}
