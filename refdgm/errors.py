"""What can go wrong at the boundary: one root class, each error also the built-in that a caller expects."""


class RefdgmError(Exception):
    """The root of every error that this package raises on purpose."""


class ArgumentError(RefdgmError, ValueError):
    """An argument has the wrong name, shape or value."""


class DTypeError(RefdgmError, TypeError):
    """An argument is of the wrong type or dtype."""


class DeviceError(RefdgmError, ValueError):
    """Arguments live in different namespaces or on different devices."""


class VectorFileError(RefdgmError, ValueError):
    """A file of reference vectors is damaged, or not one."""
