"""Python runs this at its start where PYTHONPATH holds the folder: what a test starts has the mutant too.

`MUTANT` holds the path of its file and its key, a line each. The module is compiled from the changed text as it is
imported; nothing is written, so that no bytecode is left behind.
"""

import os
import sys
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATH, _, KEY = os.environ.get("MUTANT", "").partition("\n")
NAME = ".".join(PATH.removesuffix(".py").split("/"))


class Changed(SourceFileLoader):
    def get_code(self, fullname):
        sys.path.insert(0, str(ROOT))
        try:
            from validation.make.mutation import Source
        finally:
            sys.path.remove(str(ROOT))
        source = Source(PATH)
        return source.changed(next(each for each in source.mutants if each.key == KEY))


class Finder:
    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if fullname != NAME:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        spec.loader = Changed(fullname, spec.origin)
        return spec


if PATH:
    sys.meta_path.insert(0, Finder)
