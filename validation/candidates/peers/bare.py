"""A package of which only a part is asked, without what its front page imports beside it."""

import sys
from importlib.util import find_spec
from types import ModuleType


def bare(package):
    """From here on `import package.part` finds the part and runs no __init__ of the package."""
    if package not in sys.modules:
        module = ModuleType(package)
        module.__path__ = list(find_spec(package).submodule_search_locations)
        sys.modules[package] = module
