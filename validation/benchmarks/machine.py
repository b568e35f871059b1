"""What the figures were measured on, without names of places."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    found = {key.strip(): value.strip() for key, value in found.items()}
    named = found.get("model name", platform.machine())
    numbered = f"family {found.get('cpu family', '?')} model {found.get('model', '?')}"
    return f"{named} ({numbered}), {os.cpu_count()} cores visible"


def versions() -> dict[str, str]:
    names = ("refdgm", "numpy", "array-api-compat", "autograd", "torch", "torchdiffeq")
    known = {"Python": platform.python_version()}
    for name in names:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            continue
    return known


def description() -> dict:
    return {"processor": processor(), "system": f"{platform.system()} {platform.machine()}", "versions": versions(),
            "C library": " ".join(platform.libc_ver())}
