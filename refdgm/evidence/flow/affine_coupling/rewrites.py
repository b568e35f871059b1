"""The moved half of a coupling layer, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example
from refdgm.flow.affine_coupling import affine_coupling


@rewrite(affine_coupling)
def by_the_scale(x: Any, log_scale: Any, shift: Any, *, direction: str, scale: str) -> Any:
    """The scale a and its logarithm; a_bar first, then s_bar = a_bar a."""
    slope, s = np.ones_like(log_scale), log_scale
    if scale == "sigmoid":
        s = -np.logaddexp(0.0, -log_scale - 2).astype(x.dtype)
        slope = np.exp(s - log_scale - 2)
    a = np.exp(s)
    if direction == "forward":
        return (a * x + shift, per_example(s)), lambda y_bar, bar: {
            "x": a * y_bar, "log_scale": (every(bar, x) + a * (x * y_bar)) * slope, "shift": np.array(y_bar)}
    y = (x - shift) / a

    def pullback(y_bar: Any, bar: Any) -> dict[str, Any]:
        x_bar = y_bar / a
        return {"x": x_bar, "log_scale": -(every(bar, x) + y_bar * y) * slope, "shift": -x_bar}

    return (y, -per_example(s)), pullback


@rewrite(affine_coupling)
def one_by_one(x: Any, log_scale: Any, shift: Any, *, direction: str, scale: str) -> Any:
    """Example by example; the logistic function as half of 1 + tanh, its rest likewise."""
    way = 1 if direction == "forward" else -1
    u = log_scale / 2 + 1
    rest = 1 / (1 + np.exp(2 * u)) if scale == "sigmoid" else np.ones_like(u)
    s = np.where(rest < 0.5, np.log1p(-rest), 2 * u - np.log1p(np.exp(2 * u))) if scale == "sigmoid" else log_scale
    start = x if direction == "forward" else x - shift
    stretched = np.stack([start[b] * np.exp(way * s[b]) for b in range(len(x))])

    def pullback(y_bar: Any, bar: Any) -> dict[str, Any]:
        x_bar = y_bar * np.exp(way * s)
        return {"x": x_bar, "log_scale": way * (y_bar * stretched + every(bar, x)) * rest,
                "shift": y_bar + 0 if direction == "forward" else -x_bar}

    return (stretched + (shift if direction == "forward" else 0), way * per_example(s)), pullback
