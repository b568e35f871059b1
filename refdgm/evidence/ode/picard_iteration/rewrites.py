"""Picard's iteration, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.ode.picard_iteration import picard_iteration


@rewrite(picard_iteration)
def by_cumulative_sums(z0: Any, times: Any, h: Any, theta: Any, *, velocity: Any, sweeps: int) -> Any:
    """All points of a sweep in one array, and sums along its axis, forwards and back."""
    steps, kept = len(times), []
    points = np.repeat(z0[:, None], steps + 1, axis=1)
    for _ in range(sweeps):
        made = [velocity.vjp(points[:, m], times[m], theta) for m in range(steps)]
        slopes = np.stack([f for f, _ in made], axis=1)
        points = np.concatenate([z0[:, None], z0[:, None] + np.cumsum(h[:, None] * slopes, axis=1)], axis=1)
        kept.append((slopes, [back for _, back in made]))

    def pullback(bar: Any) -> dict[str, Any]:
        z0_bar, times_bar, h_bar = np.zeros_like(z0), np.zeros_like(times), np.zeros_like(h)
        theta_bar = {name: np.zeros_like(entry) for name, entry in theta.items()}
        bars = np.concatenate([0 * z0[:, None], bar], axis=1)
        for slopes, backs in reversed(kept):
            later = np.flip(np.cumsum(np.flip(bars[:, 1:], axis=1), axis=1), axis=1)
            h_bar = h_bar + np.einsum("btd,btd->t", later, slopes)
            z0_bar = z0_bar + np.sum(bars, axis=1)
            each = [back(h[m] * later[:, m]) for m, back in enumerate(backs)]
            times_bar = times_bar + np.stack([g["t"] for g in each])
            theta_bar = {name: entry + sum(g["theta"][name] for g in each) for name, entry in theta_bar.items()}
            bars = np.stack([*(g["z"] for g in each), np.zeros_like(z0)], axis=1)
        return {"z0": z0_bar + np.sum(bars, axis=1), "times": times_bar, "h": h_bar, "theta": theta_bar}

    return points[:, 1:], pullback
