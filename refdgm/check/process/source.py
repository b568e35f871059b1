"""A candidate is what its files say now: Python believes compiled bytecode whose source has the same size and was
written in the same second, and so an answer might be that of the text before."""

import importlib.machinery
import os
import site
import sys
import sysconfig
from collections.abc import Mapping
from typing import Any

import refdgm

LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")
INSTALLED = ("site-packages", "dist-packages")


def believed_alone() -> None:
    """From now on this process compiles every module from its source, and leaves no bytecode, but those of installed
    libraries, in this environment or lent by another: these are many, and nobody edits them between two checks."""
    folders = {sysconfig.get_path(name) for name in LIBRARIES}
    folders |= {*site.getsitepackages(), site.getusersitepackages(), os.path.dirname(refdgm.__file__)}
    folders |= {folder for folder in sys.path if os.path.basename(folder) in INSTALLED}  # of another environment
    installed = tuple(folder + os.sep for folder in folders)
    stats = importlib.machinery.SourceFileLoader.path_stats

    def path_stats(self: importlib.machinery.SourceFileLoader, path: str) -> Mapping[str, Any]:
        if not path.startswith(installed):
            raise OSError(f"no bytecode of {path} is believed")  # importlib then neither reads nor writes any
        return stats(self, path)

    importlib.machinery.SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign]
