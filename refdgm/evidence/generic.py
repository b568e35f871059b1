"""What can be written otherwise of every reference."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from refdgm.declaration.domain import Array as Domain
from refdgm.evidence.declare import SINGLE, Body, Rewrite, rewrite
from refdgm.reference import Reference


def rewrites_of(ref: Reference) -> Iterator[Rewrite]:
    """Where the outputs are of a batch, its examples in reverse; where there is a gradient, all of it in float32."""
    if any(isinstance(domain, Domain) and domain.shape[:1] == ("B",) for domain in ref.result.values()):
        yield rewrite(ref)(batch_reversed(ref))
    if ref.differentiable:
        yield rewrite(ref, SINGLE)(in_float32(ref))


def of_all(x: Any, change: Callable[[Any], Any]) -> Any:
    return {name: change(entry) for name, entry in x.items()} if isinstance(x, dict) else change(x)


def in_float32(ref: Reference) -> Body:
    def low(x: Any) -> Any:
        return x.astype(np.float32) if x.dtype == np.float64 else x

    def natively_in_float32(*arrays: Any, **options: Any) -> Any:
        """All arithmetic and every sum in float32."""
        found = ref.body(*(of_all(x, low) for x in arrays), **options)
        return (found[0], lambda *bars: found[1](*map(low, bars))) if ref.differentiable else found

    return natively_in_float32


def batch_reversed(ref: Reference) -> Body:
    def turned(name: str, x: Any) -> Any:
        domain = ref.args[name]
        return x[::-1] if isinstance(domain, Domain) and domain.shape[:1] == ("B",) else x

    def shown(value: Any) -> Any:
        return tuple(y[::-1] for y in value) if len(ref.result) > 1 else value[::-1]

    def examples_in_reverse(*arrays: Any, **options: Any) -> Any:
        """The examples in the opposite order, which is the order of every sum over the batch."""
        found = ref.body(*(turned(n, x) for n, x in zip(ref.arrays, arrays, strict=True)), **options)
        if not ref.differentiable:
            return shown(found)
        value, right = found

        def pullback(*bars: Any) -> dict[str, Any]:
            g = right(*(bar[::-1] for bar in bars))
            return {name: turned(name, g[name]) for name in ref.wrt}

        return shown(value), pullback

    return examples_in_reverse
