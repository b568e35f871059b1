"""What an evaluation does, counted without a clock: array calls, passes over elements, and the FLOPs of products.

    python -m validation.benchmarks.counting

An array that notes what is done with it. A call is one of NumPy's functions or operators that makes or changes numbers;
views and arrays of one value are none. The passes of a call are the elements that it writes, or reads where it reduces;
those of a product are told as its FLOPs, two for a multiplication with its addition.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import ours, workloads

CALLS, PASSES, FLOPS = "calls", "passes", "flops"
tally: Counter[str] = Counter()


class Counted(np.ndarray):
    """An array of which every operation is counted."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
        arrays = [np.asarray(x) for x in inputs]
        if out:
            options["out"] = tuple(None if x is None else np.asarray(x) for x in out)
        made = getattr(ufunc, method)(*map(plain, inputs), **options)
        tally[CALLS] += 1
        if ufunc is np.matmul:
            tally[FLOPS] += 2 * np.size(made) * arrays[0].shape[-1]
        else:
            tally[PASSES] += max(np.size(made), *(x.size for x in arrays))
        return out[0] if out else counted(made)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        before = tally[CALLS]
        made = super().__array_function__(function, types, args, options)
        if function.__module__ == "numpy.linalg" and tally[CALLS] == before:  # n³ of each matrix, but for a factor
            tally[CALLS] += 1
            tally[FLOPS] += args[0].size * args[0].shape[-1]
        elif isinstance(made, np.ndarray) and tally[CALLS] == before and made.base is None:
            tally[CALLS] += 1
            tally[PASSES] += made.size
        return counted(made)


def plain(x: Any) -> Any:
    return x.view(np.ndarray) if isinstance(x, Counted) else x


def counted(tree: Any) -> Any:
    """The same with arrays that count."""
    if isinstance(tree, dict):
        return {name: counted(x) for name, x in tree.items()}
    if isinstance(tree, tuple):
        return tuple(map(counted, tree))
    return np.asarray(tree).view(Counted) if isinstance(tree, np.ndarray | np.generic) else tree


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Counts what is done within."""
    tally.clear()
    found: Counter[str] = Counter()
    yield found
    found.update(tally)


def of_gradient(workload: str, size: workloads.Size) -> tuple[float, float, int]:
    """Its calls, those of a stage where there are such; its passes over an element of the hidden layers, or of the
    inputs where there are none; its FLOPs."""
    _, gradient = ours.body(workload, counted(workloads.draw(workload, size, "float64")), size)
    with counting() as found:
        gradient()
    stages, hidden = max(1, 4 * size.steps), size.batch * (sum(size.hidden) or size.inputs)
    return found[CALLS] / stages, found[PASSES] / (stages * hidden), found[FLOPS]


def main() -> None:
    print("gradient   array calls   passes   FLOPs of products   (of a stage, of a hidden element; small)")
    for workload, sizes in workloads.SIZES.items():
        calls, passes, flops = of_gradient(workload, sizes["small"])
        print(f"{workload:8}   {calls:11.1f}   {passes:6.1f}   {flops:17,}")


if __name__ == "__main__":
    main()
