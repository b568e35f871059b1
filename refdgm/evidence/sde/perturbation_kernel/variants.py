"""The deviation of the exploding process as most code has it."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.sde.perturbation_kernel import perturbation_kernel


@variant("for ve std = σ(t)", perturbation_kernel)
def deviation_is_sigma(t: Array, low: Array, high: Array, *, process: str) -> Any:
    """ς = low (high/low)^t without the − low² of the variance, as in score_sde and what was made after it."""
    if process != "ve":
        return perturbation_kernel.body(t, low, high, process=process)
    xp = namespace(t)
    sigma, log_ratio = low * (high / low) ** t, xp.log1p((high - low) / low)
    return (xp.ones_like(t), sigma), lambda scale_bar, std_bar: {
        "t": std_bar * sigma * log_ratio,
        "low": xp.sum(std_bar * sigma * (1 - t)) / low,
        "high": xp.sum(std_bar * sigma * t) / high,
    }
