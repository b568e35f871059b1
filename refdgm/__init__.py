"""Reference implementations of deep generative models with hand-derived gradients.

Every reference is a function of arrays of any array-API library: call it for the value, `.vjp` for the value
and its pullback, `.value_and_grad` for the mean of an objective and its gradients by name.
"""

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.errors import ArgumentError, DeviceError, DTypeError, RefdgmError, VectorFileError
from refdgm.nets.field import Field
from refdgm.version import __version__

__all__ = [
    "CATALOGUE", "FAMILIES", "ArgumentError", "DTypeError", "DeviceError", "Field", "RefdgmError", "VectorFileError",
    "__version__", *CATALOGUE,
]  # fmt: skip
globals().update(CATALOGUE)
