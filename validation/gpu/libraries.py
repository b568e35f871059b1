"""CuPy and torch on a device, by the few calls that are needed: arrays there and back, a capture, a time.

What is captured is a function of no arguments on arrays that exist. A replay reads and writes the same memory, so that
other numbers are put into the arrays, not other arrays in their place.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np


class Captured(NamedTuple):
    """The arrays that a replay writes into, the replay, and what has to live as long."""

    made: Any
    replay: Callable[[], None]
    held: Any


class OnCupy:
    """CuPy; a stand-in has the same names."""

    name = "cupy"

    def __init__(self, cupy: Any) -> None:
        self.library, self.cuda = cupy, cupy.cuda
        self.stream = cupy.cuda.Stream(non_blocking=True)

    def there(self, x: np.ndarray) -> Any:
        return self.library.asarray(x)

    def back(self, x: Any) -> np.ndarray:
        return self.library.asnumpy(x)

    def put(self, buffer: Any, x: np.ndarray) -> None:
        buffer[...] = self.library.asarray(x)

    def wait(self) -> None:
        self.cuda.Device().synchronize()

    def captured(self, f: Callable[[], Any]) -> Captured:
        """Once before, for kernels are compiled then and libraries get their handles; in memory that nobody else gets.
        Whoever waits for the device within, or copies from the host, is refused by CUDA."""
        pool, stream = self.cuda.MemoryPool(), self.cuda.Stream(non_blocking=True)
        self.wait()
        with stream, self.cuda.using_allocator(pool.malloc):
            f()
            stream.synchronize()
            stream.begin_capture()
            try:
                made = f()
            except BaseException:
                with suppress(Exception):  # it says again that the capture is void
                    stream.end_capture()
                raise
            graph = stream.end_capture()
        return Captured(made, lambda: graph.launch(self.stream), (pool, stream, graph))

    def seconds(self, f: Callable[[], Any], times: int) -> float:
        """Of one call on the device, between two events."""
        first, last = self.cuda.Event(), self.cuda.Event()
        with self.stream:
            f()
            first.record(self.stream)
            for _ in range(times):
                f()
            last.record(self.stream)
        last.synchronize()
        return self.cuda.get_elapsed_time(first, last) / 1e3 / times


class OnTorch:
    """torch; `cuda` is torch.cuda, or what stands in for it."""

    name = "torch"

    def __init__(self, torch: Any, cuda: Any, device: str = "cuda") -> None:
        self.library, self.cuda, self.device = torch, cuda, device

    def there(self, x: np.ndarray) -> Any:
        return self.library.as_tensor(np.array(x)).to(self.device)

    def back(self, x: Any) -> np.ndarray:
        return x.detach().cpu().numpy()

    def put(self, buffer: Any, x: np.ndarray) -> None:
        buffer.copy_(self.library.as_tensor(np.array(x)))

    def wait(self) -> None:
        self.cuda.synchronize()

    def captured(self, f: Callable[[], Any]) -> Captured:
        """As for CuPy; torch keeps the memory of a graph by itself."""
        beside = self.cuda.Stream()
        beside.wait_stream(self.cuda.current_stream())
        with self.cuda.stream(beside):
            f()
        self.cuda.current_stream().wait_stream(beside)
        graph = self.cuda.CUDAGraph()
        with self.cuda.graph(graph):
            made = f()
        return Captured(made, graph.replay, graph)

    def seconds(self, f: Callable[[], Any], times: int) -> float:
        first, last = (self.cuda.Event(enable_timing=True) for _ in range(2))
        f()
        first.record()
        for _ in range(times):
            f()
        last.record()
        last.synchronize()
        return first.elapsed_time(last) / 1e3 / times


def opened(name: str) -> Any:
    """"cupy" or "torch" on the device that it finds, or "stand-in cupy" and "stand-in torch" on none."""
    stands_in, library = name.startswith("stand-in "), name.removeprefix("stand-in ")
    if stands_in:
        from . import stand_in_cupy, stand_in_torch

        return OnCupy(stand_in_cupy) if library == "cupy" else stand_in_torch.opened()
    if library == "cupy":
        import cupy

        if not cupy.is_available():
            raise SystemExit("CuPy finds no device; without one try --stand-in")
        return OnCupy(cupy)
    import torch

    if not torch.cuda.is_available():
        raise SystemExit("torch finds no device; without one try --stand-in")
    return OnTorch(torch, torch.cuda)


def found() -> list[str]:
    """The libraries that are installed and find a device."""
    names = []
    with suppress(ImportError):
        import cupy

        names += ["cupy"] * cupy.is_available()
    with suppress(ImportError):
        import torch

        names += ["torch"] * torch.cuda.is_available()
    return names
