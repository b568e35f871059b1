"""A step, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every
from refdgm.flow.flow_matching_step import flow_matching_step


@rewrite(flow_matching_step)
def by_noise_levels(xt: Any, velocity: Any, t: Any, t_next: Any) -> Any:
    """x − (σ′ − σ) v in the levels of noise σ = 1 − t, rows as matrices."""
    down = every((1 - t) - (1 - t_next), xt)

    def pullback(bar: Any) -> dict[str, Any]:
        along = np.einsum("bd,bd->b", *(x.reshape(len(x), -1) for x in (bar, velocity)))
        return {"xt": 1 * bar, "velocity": down * bar, "t": 0 - along, "t_next": along}

    return xt + down * velocity, pullback


@rewrite(flow_matching_step)
def example_by_example(xt: Any, velocity: Any, t: Any, t_next: Any) -> Any:
    """One example after the other."""
    def pullback(bar: Any) -> dict[str, Any]:
        along = np.array([np.sum(b * v) for b, v in zip(bar, velocity, strict=True)], dtype=bar.dtype)
        return {"xt": bar.copy(), "velocity": np.stack([(s - r) * b for r, s, b in zip(t, t_next, bar, strict=True)]),
                "t": -along, "t_next": along}

    return np.stack([x + (s - r) * v for x, v, r, s in zip(xt, velocity, t, t_next, strict=True)]), pullback
