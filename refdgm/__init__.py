"""Reference implementations of deep generative models with hand-derived gradients.

Every reference is a function of arrays of any array-API library: call it for the value, `.vjp` for the value
and its pullback, `.value_and_grad` for the mean of an objective and its gradients by name.
"""

from importlib import import_module
from typing import Any

from refdgm.errors import ArgumentError, DeviceError, DTypeError, RefdgmError, VectorFileError
from refdgm.version import __version__

EAGER = {
    "ArgumentError": ArgumentError, "DTypeError": DTypeError, "DeviceError": DeviceError,
    "RefdgmError": RefdgmError, "VectorFileError": VectorFileError, "__version__": __version__,
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """The references, loaded together when the first of them is asked for: the import alone costs little."""
    if not name.startswith("_") or name == "__all__":
        catalogue = import_module("refdgm.catalogue")
        if hasattr(catalogue, "CATALOGUE"):  # else it is being loaded, and asks for a module of the package
            loaded = {"Field": import_module("refdgm.nets.field").Field, "FAMILIES": catalogue.FAMILIES,
                      "CATALOGUE": catalogue.CATALOGUE, **catalogue.CATALOGUE}
            globals().update(loaded, __all__=[*EAGER, *loaded])
            if name in globals():
                return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
