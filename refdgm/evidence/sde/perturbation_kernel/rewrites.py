"""The laws of the processes, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.perturbation_kernel import perturbation_kernel


def of_slopes(scale: Any, std: Any, of_scale: Any, of_std: Any) -> Any:
    """A body from the derivatives of κ and of ς with respect to t, low and high."""
    def pullback(scale_bar: Any, std_bar: Any) -> dict[str, Any]:
        t, low, high = (scale_bar * a + std_bar * b for a, b in zip(of_scale, of_std, strict=True))
        return {"t": t, "low": np.sum(low), "high": np.sum(high)}

    return (scale, std), pullback


@rewrite(perturbation_kernel)
def by_hyperbolic_sines(t: Any, low: Any, high: Any, *, process: str) -> Any:
    """1 − e^{−B} = 2 e^{−B/2} sinh(B/2), and of ve σ² − low² = 2 low σ sinh(tΛ); by the slopes of κ and ς."""
    zero = 0 * t
    if process == "ve":
        ratio = np.log1p(high / low - 1)
        grown = np.exp(t * ratio)
        std = low * np.sqrt(2 * grown * np.sinh(t * ratio))
        swell = grown * grown * low / std  # σ²/(low ς)
        return of_slopes(1 + zero, std, (zero, zero, zero), (
            low * ratio * swell, (1 - t) * swell - low / std, t * swell * low / high))
    half = t * (low + high * t - low * t + low) / 4
    scale, fade = np.exp(-half), 2 * np.exp(-half) * np.sinh(half)
    by_total = (low + t * (high - low), t - t * t / 2, t * t / 2)
    std, slope = (np.sqrt(fade), scale * scale / np.sqrt(fade) / 2) if process == "vp" else (fade, scale * scale)
    return of_slopes(scale, std, [-scale / 2 * x for x in by_total], [slope * x for x in by_total])


@rewrite(perturbation_kernel)
def example_by_example(t: Any, low: Any, high: Any, *, process: str) -> Any:
    """One example after the other, their gradients added up."""
    each = [perturbation_kernel.body(t[i : i + 1], low, high, process=process) for i in range(len(t))]
    scale, std = (np.concatenate([value[i] for value, _ in each]) for i in (0, 1))

    def pullback(scale_bar: Any, std_bar: Any) -> dict[str, Any]:
        grads = [right(scale_bar[i : i + 1], std_bar[i : i + 1]) for i, (_, right) in enumerate(each)]
        return {"t": np.concatenate([grad["t"] for grad in grads]),
                "low": sum(grad["low"] for grad in grads), "high": sum(grad["high"] for grad in grads)}

    return (scale, std), pullback
