"""Candidates may be timed only if they compute the same: value and every gradient, against the plain functions."""

import numpy as np

from .candidates import available, build, plain
from .workloads import SIZES, WORKLOADS, draw

TOLERANCE = 1e-10  # relative to the largest entry, in float64


def distances(candidate: str, workload: str) -> dict[str, float]:
    """By name, the distance of a candidate's value and gradients from those of "body", at the tiny size."""
    size = SIZES[workload]["tiny"]
    results = []
    for name in ("body", candidate):
        value, gradient = build(name, workload, draw(workload, size, "float64"), size)
        in_passing, grads = gradient()
        results.append({"value": plain(value()), "value in passing": plain(in_passing)}
                       | {f"gradient.{entry}": plain(grad) for entry, grad in grads.items()})
    ours, theirs = results
    if ours.keys() != theirs.keys():
        raise AssertionError(f"{candidate} of {workload} returns {sorted(theirs)}, expected {sorted(ours)}")
    return {name: distance(ours[name], theirs[name]) for name in ours}


def distance(a, b) -> float:
    """The largest difference relative to the largest entry; infinite where the shapes differ or NaN appears."""
    if a.shape != b.shape:
        return float("inf")
    apart = np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.finfo(a.dtype).tiny)
    return float(apart) if np.isfinite(apart) else float("inf")


def check() -> float:
    """The largest distance of all; refuses above TOLERANCE."""
    worst = 0.0
    for workload in WORKLOADS:
        for candidate in available(workload):
            if candidate in ("body", "products"):
                continue
            for name, apart in distances(candidate, workload).items():
                if not apart <= TOLERANCE:
                    raise AssertionError(f"{candidate} of {workload}: {name} is {apart:.1e} from ours; not timed")
                worst = max(worst, apart)
    return worst


def fingerprint(result) -> list[float]:
    """The value and each gradient (by name), seen along a fixed direction: compares full-size runs of processes."""
    value, grads = result
    arrays = ([] if value is None else [plain(value)]) + [plain(grads[name]) for name in sorted(grads)]
    prints = []
    for array in arrays:
        flat = array.astype(np.float64).reshape(-1)
        along = np.cos(np.arange(flat.size))
        prints.append(float(flat @ along / max(np.linalg.norm(flat) * np.linalg.norm(along), 1e-300)))
        prints.append(float(np.linalg.norm(flat)))
    return prints
