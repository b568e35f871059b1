"""For which framework a candidate is written, where it does not say."""

import inspect
import sys
from types import ModuleType
from typing import Any

FRAMEWORKS = ("torch", "jax", "autograd", "cupy", "numpy")


def detected(function: Any, scope: dict[str, Any] | None) -> tuple[str, str]:
    """The framework that the module of a candidate imports, NumPy where there is none; and why, to be told."""
    spaces = [
        getattr(inspect.unwrap(function), "__globals__", {}) if inspect.isroutine(function) else {},
        scope or {},
    ]
    spaces.append(vars(sys.modules.get(getattr(function, "__module__", "") or "", sys)))
    for space in spaces:
        roots = {_root(x) for x in list(space.values())}
        for name in FRAMEWORKS:
            if name in roots:
                return name, f"taken for {name} because its module imports {name}"
    return "numpy", "taken for numpy because its module imports no framework"


def _root(x: Any) -> str:
    name = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", None)
    return name.partition(".")[0] if type(name) is str else ""
