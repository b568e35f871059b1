"""Whether CuPy could be called as NumPy was: names exist, and the arguments bind. No GPU is needed."""

import inspect
import types
import warnings

import array_api_compat.numpy
import numpy as np

from refdgm import namespace


class Recorder(types.ModuleType):
    """A namespace that notes each call of a function, then makes it."""

    def __init__(self, xp, calls, prefix=""):
        super().__init__("recorder")
        self.__dict__.update(_xp=xp, _calls=calls, _prefix=prefix)

    def __getattr__(self, name):
        found = getattr(self._xp, name)
        if isinstance(found, types.ModuleType):
            return Recorder(found, self._calls, f"{self._prefix}{name}.")
        if not callable(found) or isinstance(found, type):
            return found

        def noted(*args, **options):
            self._calls.add((self._prefix + name, len(args), tuple(sorted(options))))
            return found(*args, **options)

        return noted


def recorded(monkeypatch, run) -> set[tuple[str, int, tuple[str, ...]]]:
    """The calls that `run()` makes of the namespace of NumPy arrays: name, number of positions, keywords."""
    calls: set[tuple[str, int, tuple[str, ...]]] = set()
    recorder = Recorder(array_api_compat.numpy, calls)
    for kind in (np.ndarray, np.float64, np.int64, np.bool_):
        monkeypatch.setitem(namespace._REMEMBERED, kind, recorder)
    run()
    return calls


def cupy_namespace():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a driver the import warns, which is no error here
        import array_api_compat.cupy

        return array_api_compat.cupy


def unbindable(xp, calls) -> list[str]:
    """The calls that `xp` would refuse, told."""
    refused = []
    for path, positions, keywords in sorted(calls):
        f = xp
        try:
            for name in path.split("."):
                f = getattr(f, name)
            if hasattr(f, "nin"):
                if positions != f.nin or not set(keywords) <= {"out", "dtype", "casting"}:
                    refused.append(f"{path}: a ufunc of {f.nin} arguments, got {positions} and {keywords}")
                continue
            inspect.signature(f).bind(*[None] * positions, **dict.fromkeys(keywords))
        except (AttributeError, TypeError) as reason:
            refused.append(f"{path}: {reason}")
        except ValueError:
            continue  # a compiled function without a signature: that it exists is all that can be known
    return refused
