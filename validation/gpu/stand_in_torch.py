"""torch.cuda where there is no device: tensors of the host, and a tape in place of a graph, as in `stand_in_cupy`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from .libraries import OnTorch
from .stand_in_cupy import Refused

READS = {"aten::_local_scalar_dense", "aten::nonzero", "aten::is_nonzero", "aten::equal", "aten::masked_select"}
RESHAPE = {"aten::squeeze_", "aten::unsqueeze_", "aten::t_", "aten::transpose_"}  # in place, and of no element
COPIES = (torch.tensor, torch.as_tensor, torch.asarray, torch.from_numpy)


class Tape(TorchDispatchMode):
    """Every operation with the tensors that came of it; none that waits for a device."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Any] = []

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = function.name().split(".")[0]
        if name in READS:
            raise Refused(f"{name}: an element is read on the host, for which the device has to be waited for")
        made = function(*args, **(kwargs or {}))
        if name not in RESHAPE:
            self.calls.append((function, args, kwargs or {}, made))
        return made


class Copies(TorchFunctionMode):
    """None from the host."""

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if function in COPIES and not isinstance(args[0], torch.Tensor):
            raise Refused("numbers of the host are copied to the device while it is captured")
        return function(*args, **(kwargs or {}))


class CUDAGraph:
    """What a capture leaves."""

    def replay(self) -> None:
        for function, args, kwargs, before in self.calls:
            made = function(*args, **kwargs)
            for old, new in zip(*(x if isinstance(x, tuple | list) else (x,) for x in (before, made)), strict=True):
                if isinstance(old, torch.Tensor) and memory(old) != memory(new):  # a view is written already
                    old.copy_(new.reshape(old.shape))


def memory(x: torch.Tensor) -> int:
    return x.untyped_storage().data_ptr()


@contextmanager
def graph(made: CUDAGraph) -> Iterator[None]:
    with Tape() as tape, Copies():
        yield
    made.calls = tape.calls


class Event:
    def __init__(self, enable_timing: bool = False) -> None:
        self.synchronize = lambda: None

    def record(self) -> None:
        self.at = time.process_time()

    def elapsed_time(self, last: "Event") -> float:
        return 1e3 * (last.at - self.at)


@contextmanager
def stream(one: Any) -> Iterator[None]:
    yield


def current_stream() -> Any:
    return SimpleNamespace(wait_stream=lambda other: None)


def opened() -> OnTorch:
    cuda = SimpleNamespace(Stream=current_stream, current_stream=current_stream, stream=stream, CUDAGraph=CUDAGraph,
                           graph=graph, Event=Event, synchronize=lambda: None)
    return OnTorch(torch, cuda, "cpu")
