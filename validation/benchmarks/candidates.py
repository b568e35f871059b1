"""The candidates by name. Their libraries are imported only in the process that times them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from .workloads import Arrays, Program, Size

CANDIDATES = {
    "body": ("ours", "body", "refdgm", "refdgm, the plain functions (`.body`)"),
    "public": ("ours", "public", "refdgm", "refdgm, the checked public calls"),
    "slices": ("ours", "slices", "refdgm", "refdgm, `.body` on slices of 32 examples, gradients added up"),
    "autograd": ("with_autograd", "autograd", "autograd", "autograd over NumPy"),
    "torch": ("with_torch", "torch_eager", "torch", "PyTorch, eager"),
    "autograd, algebra given": ("with_autograd", "given", "autograd", "autograd, handed our algebra of the trace"),
    "torch, algebra given": ("with_torch", "given", "torch", "PyTorch, eager, handed our algebra of the trace"),
    "tuned": ("tuned", "tuned", "numpy", "NumPy alone, written by hand into arrays that exist"),
    "ours on torch": ("ours", "on_torch", "torch", "refdgm, `.body` on torch's tensors"),
    "products": ("products", "products", "numpy", "only the matrix products that cannot be avoided, by NumPy"),
}

PRODUCTLESS = ("gumbel", "shallow")


def build(candidate: str, workload: str, arrays: Arrays, size: Size) -> Program:
    module, function, _, _ = CANDIDATES[candidate]
    return getattr(import_module(f".{module}", __package__), function)(workload, arrays, size)


def available(workload: str) -> list[str]:
    """The candidates that are installed and apply."""
    return [name for name, (_, _, library, _) in CANDIDATES.items() if find_spec(library) and applies(name, workload)]


def applies(candidate: str, workload: str) -> bool:
    """Only a trace has an algebra to give away, only that of many directions tangents that fill the cache; one program
    is written by hand."""
    if candidate.endswith("given"):
        return workload in ("ism", "shallow")
    if candidate == "tuned":
        return workload == "mlp"
    return workload == "ism" if candidate == "slices" else candidate != "products" or workload not in PRODUCTLESS


def plain(x: Any) -> Any:
    """A NumPy array of whatever a candidate returns."""
    import numpy as np

    return np.asarray(x.detach().numpy() if hasattr(x, "detach") else x)
