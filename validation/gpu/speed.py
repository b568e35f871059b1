"""Plain calls, replays of a graph and torch's own autograd on a device; and what the device can do at most.

    python -m validation.gpu.speed cupy medium       a line of JSON for each workload

Time is between two events on the device. Beside it stand the bandwidth of a copy and the FLOPs of a large product,
measured there too: an elementwise gradient by the bytes of its passes (each reads an element and writes one), a network
by the FLOPs of its products, both counted on the host.
"""

import json
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from validation.benchmarks import counting, ours, workloads

from . import libraries

LARGE = {
    "gumbel": workloads.Size(16384, 1024),
    **dict.fromkeys(("mlp", "dsm", "sliced"), workloads.Size(8192, 1024, (4096,) * 3)),
    "shallow": workloads.Size(8192, 1024, (4096,)),
}
SIZES = {name: sizes | ({"large": LARGE[name]} if name in LARGE else {}) for name, sizes in workloads.SIZES.items()}
PRODUCTS = {"large": 8192, "medium": 2048, "small": 512, "tiny": 16}  # rows and columns of what is multiplied
LEAST = 0.05  # seconds that a measurement takes, so that events are precise
MOST = 200  # calls in one


def there(library: Any, arrays: Any) -> Any:
    """The arrays of a workload on the device."""
    return {n: there(library, a) if isinstance(a, dict) else library.there(a) for n, a in arrays.items()}


def time_of(library: Any, f: Callable[[], Any]) -> float:
    """Seconds of a call: as many as fill LEAST, by one that was measured before."""
    once = library.seconds(f, 1)
    return library.seconds(f, max(1, min(MOST, math.ceil(LEAST / max(once, 1e-7)))))


def limits(library: Any, size: str, dtype: str) -> dict[str, float]:
    """Bytes a second of a copy, and FLOPs a second of a product."""
    n = PRODUCTS[size]
    x = library.there(np.random.default_rng(5).normal(size=(n, n)).astype(dtype))
    return {"bandwidth": 2 * n * n * np.dtype(dtype).itemsize / time_of(library, lambda: x * 1.0),
            "product": 2 * n**3 / time_of(library, lambda: x @ x)}


def counted(workload: str, size: workloads.Size) -> tuple[int, int]:
    """Elements that the passes of a gradient write, and FLOPs of its products: counted on 64 examples, for both are
    proportional to how many there are."""
    small = workloads.Size(min(size.batch, 64), size.inputs, size.hidden, size.steps)
    stages, hidden = max(1, 4 * small.steps), small.batch * (sum(small.hidden) or small.inputs)
    _, passes, flops = counting.of_gradient(workload, small)
    return round(passes * stages * hidden * size.batch / small.batch), round(flops * size.batch / small.batch)


def row(library: Any, workload: str, size: str, dtype: str, most: dict[str, float]) -> dict[str, Any]:
    """One workload: seconds of a gradient by each way, ratios, and the shares of what the device can do."""
    problem = SIZES[workload][size]
    arrays = workloads.draw(workload, problem, dtype)
    _, gradient = ours.body(workload, there(library, arrays), problem)
    seconds = {"plain": time_of(library, gradient)}
    replay = library.captured(gradient).replay
    seconds["graph"] = time_of(library, replay)
    if library.name == "torch":
        from validation.benchmarks import with_torch

        with library.library.device(library.device):
            _, theirs = with_torch.torch_eager(workload, arrays, problem)
            seconds["torch eager"] = time_of(library, theirs)
    elements, flops = counted(workload, problem)
    found = {"workload": workload, "size": size, "dtype": dtype, "seconds": seconds,
             "of bandwidth": 2 * elements * np.dtype(dtype).itemsize / seconds["graph"] / most["bandwidth"],
             "of product": flops / seconds["graph"] / most["product"]}
    if "torch eager" in seconds:
        found["graph / torch eager"] = seconds["graph"] / seconds["torch eager"]
    return found


def main(words: list[str]) -> None:
    library = libraries.opened(words[0])
    for size in words[1:]:
        for dtype in workloads.DTYPES:
            most = limits(library, size, dtype)
            print(json.dumps({"limits": most, "size": size, "dtype": dtype}), flush=True)
            for workload, sizes in SIZES.items():
                if size in sizes:
                    print(json.dumps(row(library, workload, size, dtype, most)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
