"""Reference implementations of deep generative models with hand-derived gradients.

Every reference is a function of arrays of any array-API library: call it for the value, `.vjp` for the value
and its pullback, `.value_and_grad` for the mean of an objective and its gradients by name.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from refdgm.errors import ArgumentError, DeviceError, DTypeError, RefdgmError, VectorFileError
from refdgm.version import __version__

EAGER = {
    "ArgumentError": ArgumentError, "DTypeError": DTypeError, "DeviceError": DeviceError,
    "RefdgmError": RefdgmError, "VectorFileError": VectorFileError, "__version__": __version__,
}  # fmt: skip

ELSEWHERE = {"odeint_adaptive": "refdgm.ode.odeint_adaptive"}  # what is no reference


def __getattr__(name: str) -> Any:
    """The references, loaded together when the first of them is asked for: the import alone costs little."""
    wanted = name == "__all__" or not (name.startswith("_") or find_spec(f"{__name__}.{name}"))
    if wanted:  # neither a private name nor a module that is about to be imported
        catalogue, fields = import_module("refdgm.catalogue"), import_module("refdgm.nets.field")
        loaded = {"CATALOGUE": catalogue.CATALOGUE, "FAMILIES": catalogue.FAMILIES, "Field": fields.Field}
        loaded |= catalogue.CATALOGUE
        globals().update(loaded, __all__=[*EAGER, *loaded])
    if not wanted or name not in globals():
        hint = _hint(name) if wanted else ""  # with obj=None no traceback adds a guess of its own
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}", name=name, obj=None)
    return globals()[name]


def _hint(name: str) -> str:
    """Where it is, or what it may be."""
    near = import_module("difflib").get_close_matches(name, globals()["__all__"], 1)
    return f"; it is in {ELSEWHERE[name]}" if name in ELSEWHERE else f"; is it {near[0]}?" if near else ""


def __dir__() -> list[str]:
    return sorted(__getattr__("__all__"))  # what is public, and nothing that it is made with
