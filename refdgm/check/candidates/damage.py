"""What a candidate changed for everyone in its process: reported, for its numbers may depend on it."""

import sys
from typing import Any

import numpy as np


def snapshot() -> dict[str, Any]:
    """The state that a well-behaved module leaves alone."""
    state: dict[str, Any] = {"numpy's error handling": tuple(sorted(np.geterr().items()))}
    for space, label in ((np, "numpy"), (np.linalg, "numpy.linalg")):
        for name in (
            "exp",
            "log",
            "sum",
            "mean",
            "max",
            "argmax",
            "argmin",
            "dot",
            "matmul",
            "allclose",
            "isclose",
            "array_equal",
            "isnan",
            "isfinite",
            "asarray",
            "abs",
            "norm",
            "all",
            "any",
        ):
            if hasattr(space, name):
                state[f"{label}.{name}"] = id(getattr(space, name))
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_default_dtype"):
        state["torch's default dtype"] = str(torch.get_default_dtype())
    return state


def since(before: dict[str, Any]) -> list[str]:
    """What differs from the snapshot, in words."""
    now = snapshot()
    changed = [f"{name} was changed" for name, x in now.items() if name in before and before[name] != x]
    dtype = now.get("torch's default dtype", "torch.float32")
    if "torch's default dtype" not in before and dtype != "torch.float32":
        changed.append(f"torch's default dtype is {dtype}")
    return changed
