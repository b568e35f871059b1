"""How far two bodies are apart on a case, in each role."""

from collections.abc import Callable
from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.reference import Reference

Answer = dict[str, Any]  # by role: an array, or a dict of arrays


def answer(ref: Reference, body: Callable[..., Any], case: Case, cotangents: Any = None) -> Answer:
    """What a body returns on a case, by role."""
    arguments = case.arguments()
    found = body(*(arguments[name] for name in ref.arrays), **ref.resolved(case.options))
    value, pullback = found if ref.differentiable else (found, None)
    outputs = value if len(ref.result) > 1 else (value,)
    roles = dict(zip(ref.result, outputs, strict=True))
    if pullback is not None:
        grads = pullback(*(case.cotangents() if cotangents is None else cotangents))
        roles |= {f"gradient.{name}": grads[name] for name in ref.wrt}
    return roles


def entries(x: Any) -> list[np.ndarray]:
    """The arrays of a role, in float64."""
    found = [x[name] for name in sorted(x)] if isinstance(x, dict) else [x]
    return [np.asarray(entry, dtype=np.float64) for entry in found]


def distance(theirs: Any, ours: Any) -> float:
    """The largest difference of a role, relative to the largest number of the entry it is in (at least 1e-3);
    infinite where shapes differ or a number is not finite."""
    worst = 0.0
    for x, y in zip(entries(theirs), entries(ours), strict=True):
        if x.shape != y.shape or not np.all(np.isfinite(x) & np.isfinite(y)):
            return float("inf")
        if y.size:
            worst = max(worst, float(np.max(np.abs(x - y)) / max(np.max(np.abs(y)), 1e-3)))
    return worst


def distances(ref: Reference, body: Callable[..., Any], cases: list[Case]) -> dict[str, float]:
    """The distance of a body from the reference in each role, on the case where it is largest."""
    worst: dict[str, float] = {}
    for case in cases:
        ours, theirs = answer(ref, ref.body, case), answer(ref, body, case)
        for role, y in ours.items():
            worst[role] = max(worst.get(role, 0.0), distance(theirs[role], y))
    return worst
