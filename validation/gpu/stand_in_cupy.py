"""CuPy where there is no device: NumPy's arrays that refuse whatever CuPy's refuse, and a tape in place of a graph.

An array of it mixes with none of the host, and is read by `asnumpy` alone. While something is captured, whatever would
wait for the device is refused, and a copy from the host; every call is noted with the arrays that came of it. A launch
makes the same calls on the same arrays, in that order, and nothing else: what a body decided on the host is decided for
good.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from refdgm import namespace as known

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any]
tape: list[Call] | None = None  # of what is being captured


class Refused(RuntimeError):
    """What a device does not allow."""


def reading(*_: Any, **__: Any) -> Any:
    raise Refused("an element is read on the host, for which the device has to be waited for")


class ndarray(np.ndarray):  # as CuPy's is called
    """An array on the device that is not there."""

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **options: Any) -> Any:
        return noted(getattr(ufunc, method), args, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return noted(function, args, options)

    def __getitem__(self, place: Any) -> Any:
        return noted(np.ndarray.__getitem__, (self, place), {})

    def __setitem__(self, place: Any, x: Any) -> None:
        noted(np.ndarray.__setitem__, (self, place, x), {})

    __bool__ = __float__ = __int__ = __index__ = __complex__ = __iter__ = item = tolist = reading


def plain(tree: Any) -> Any:
    """The same with NumPy's arrays. An array of the host has no place beside these."""
    if isinstance(tree, tuple | list):
        return type(tree)(map(plain, tree))
    if isinstance(tree, dict):
        return {name: plain(x) for name, x in tree.items()}
    if isinstance(tree, np.ndarray) and type(tree) is np.ndarray:
        raise Refused("an array of the host among those of the device")
    return tree.view(np.ndarray) if isinstance(tree, ndarray) else tree


def wrapped(tree: Any) -> Any:
    """The same with arrays of the device; every number is one."""
    if isinstance(tree, tuple):
        made = map(wrapped, tree)
        return type(tree)(*made) if hasattr(tree, "_fields") else tuple(made)
    return np.asarray(tree).view(ndarray) if isinstance(tree, np.ndarray | np.generic) else tree


def noted(function: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    args, options = plain(args), plain(options)
    made = wrapped(function(*args, **options))
    if tape is not None:
        tape.append((function, args, options, plain(made)))
    return made


def again(calls: list[Call]) -> None:
    """The same calls, what comes of them into the arrays that came of them before."""
    for function, args, options, before in calls:
        made = function(*args, **options)
        for old, new in zip(*(x if isinstance(x, tuple) else (x,) for x in (before, made)), strict=True):
            if isinstance(old, np.ndarray) and not np.may_share_memory(old, new):  # a view is written already
                old[...] = new


class Namespace:
    """NumPy's, what it makes being on the device."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        if name == "linalg":
            return Namespace(inner)
        if not callable(inner) or isinstance(inner, type) or name in ("isdtype", "result_type", "finfo", "iinfo"):
            return inner
        return lambda *args, device=None, **options: noted(inner, args, options)

    def asarray(self, x: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None) -> Any:
        if not isinstance(x, ndarray):
            return asarray(np.asarray(x, dtype=dtype))
        return noted(np.array if copy else np.asarray, (x,), {"dtype": dtype})


known._REMEMBERED[ndarray] = Namespace(np)


def asarray(x: np.ndarray) -> Any:
    """A copy of an array of the host, which a capture cannot have: it would be that of a moment."""
    if isinstance(x, ndarray):
        return x
    if tape is not None:
        raise Refused("numbers of the host are copied to the device while it is captured")
    return np.array(x).view(ndarray)


def asnumpy(x: Any) -> np.ndarray:
    if tape is not None:
        reading()
    return np.array(plain(x))


class Stream:
    def __init__(self, non_blocking: bool = False) -> None:
        self.synchronize = lambda: reading() if tape is not None else None

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin_capture(self) -> None:
        global tape
        tape = []

    def end_capture(self) -> Any:
        global tape
        calls, tape = tape or [], None
        return SimpleNamespace(launch=lambda stream=None: again(calls))


class Event:
    def record(self, stream: Any = None) -> None:
        self.at = time.process_time()

    def synchronize(self) -> None:
        pass


@contextmanager
def using_allocator(allocator: Any) -> Iterator[None]:
    yield


cuda = SimpleNamespace(
    Stream=Stream, Event=Event, using_allocator=using_allocator, MemoryPool=lambda: SimpleNamespace(malloc=None),
    Device=lambda: SimpleNamespace(synchronize=lambda: None),
    get_elapsed_time=lambda first, last: 1e3 * (last.at - first.at),
)
