"""`refdgm doctor`: what is installed here, and what it allows."""

import argparse
import platform
from importlib import metadata
from importlib.resources import files

from refdgm.version import __version__

PARTS = {
    "numpy": "the base",
    "array-api-compat": "the base",
    "rich": "tables of `refdgm check` (extra: check)",
    "autograd": "the embedded candidate, and candidates written with autograd (extra: check)",
    "python-flint": "certification in ball arithmetic (extra: certify)",
    "torch": "candidates written with torch (extra: torch)",
    "jax": "candidates written with JAX (extra: jax)",
    "cupy-cuda12x": "arrays on a GPU (extra: cuda12x)",
    "cupy-cuda13x": "arrays on a GPU (extra: cuda13x)",
}


def carry_out(args: argparse.Namespace) -> int:
    """Print it."""
    print(doctor())
    return 0


def doctor() -> str:
    """One line a part: its version, or what is missing without it."""
    lines = [f"refdgm {__version__} on Python {platform.python_version()}, {platform.machine()}", ""]
    width = max(map(len, PARTS))
    for part, use in PARTS.items():
        try:
            version = metadata.version(part)
        except metadata.PackageNotFoundError:
            version = "absent"
        lines.append(f"  {part:<{width}}  {version:<14}  {use}")
    lines += ["", f"  vectors   {_vectors()}", f"  GPU       {_gpu()}"]
    return "\n".join(lines)


def _vectors() -> str:
    found = [entry.name for entry in files("refdgm.vectors").iterdir() if entry.name.endswith(".safetensors")]
    return f"certified cases of {len(found)} references" if found else "none found: this installation is incomplete"


def _gpu() -> str:
    try:
        import cupy
    except ImportError:
        return "CuPy is absent; `pip install 'refdgm[cuda12x]'` or `refdgm[cuda13x]`, one of the two"
    if not cupy.is_available():
        return "CuPy is here, cupy.is_available() is False: no driver or no device"
    properties = cupy.cuda.runtime.getDeviceProperties(0)
    return f"{properties['name'].decode()}, CuPy {cupy.__version__}"
