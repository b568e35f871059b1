"""Langevin steps and chains, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.langevin import langevin_chain, langevin_step


@rewrite(langevin_step)
def in_the_other_convention(x: Any, score: Any, eps: Any, step: Any) -> Any:
    """x + e s + √(2e) ε with e = η/2, differentiated in e."""
    e = step / 2
    width = np.sqrt(2 * e)

    def pullback(bar: Any) -> dict[str, Any]:
        by_e = np.sum(bar * score) + np.sum(bar * eps) / width
        return {"x": bar + 0, "score": e * bar, "step": by_e / 2}

    return (x + e * score) + width * eps, pullback


@rewrite(langevin_chain)
def step_by_step(x: Any, eps: Any, step: Any, theta: Any, *, score: Any) -> Any:
    """Single steps and pullbacks of the score, chained; the noise is scaled before all."""
    one, kept = langevin_step.body, []
    for t in range(eps.shape[1]):
        s, right = score.vjp(x, theta)
        x, back = one(x, s, eps[:, t], step)
        kept.append((back, right))

    def pullback(bar: Any) -> dict[str, Any]:
        step_bar, theta_bar = 0 * step, {name: 0 * entry for name, entry in theta.items()}
        for back, right in reversed(kept):
            g = back(bar)
            inner = right(g["score"])
            bar, step_bar = inner["x"] + g["x"], g["step"] + step_bar
            theta_bar = {name: inner["theta"][name] + entry for name, entry in theta_bar.items()}
        return {"x": bar, "step": step_bar, "theta": theta_bar}

    return x, pullback
