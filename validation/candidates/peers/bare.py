"""A package of which only a part is asked, without what its front page imports beside it."""

import sys
from importlib.util import find_spec
from types import ModuleType


def bare(package):
    """From here on `import package.part` finds the part and runs no __init__ of the package."""
    if package not in sys.modules and find_spec(package):
        module = ModuleType(package)
        module.__path__ = list(find_spec(package).submodule_search_locations)
        sys.modules[package] = module


def absent(module, **names):
    """A module that is imported and not asked: every name of it is there, and none is anything but these."""
    stands = ModuleType(module)
    stands.__dict__.update(names)
    stands.__getattr__, stands.__path__ = lambda name: None, []
    sys.modules[module] = stands
