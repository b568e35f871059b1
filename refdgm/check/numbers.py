"""What a framework gives back, as NumPy arrays; and numbers rounded to a dtype."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from refdgm.check.dtypes import BITS

Arrays = dict[str, np.ndarray[Any, Any]]

@dataclass
class Answer:
    """`severed`: gradients for which the framework found no path; `dtype`: the coarsest that came back; `others`: what
    came back under names that are not ours."""

    outputs: Arrays = field(default_factory=dict)
    gradients: Arrays = field(default_factory=dict)
    severed: list[str] = field(default_factory=list)
    dtype: str = ""
    others: list[str] = field(default_factory=list)


def shown(outputs: dict[str, Any], home: Callable[[Any], Any]) -> Answer:
    """The outputs, brought `home` to NumPy, as float64, int64 or bool."""
    answer = Answer()
    for name, y in outputs.items():
        told = str(y.dtype).rsplit(".", 1)[-1]
        if told in BITS and BITS[told] < BITS[answer.dtype or "float64"]:
            answer.dtype = told
        x = np.asarray(home(y))
        if x.dtype.kind not in "fiub":
            raise TypeError(f"output {name} is not an array of real numbers, but of {told}")
        answer.outputs[name] = x.astype(
            np.int64 if x.dtype.kind in "iu" else bool if x.dtype.kind == "b" else np.float64
        )
    return answer


def comparable(answer: Answer, bars: Arrays) -> bool:
    """Whether the outputs have the shapes of the cotangents: otherwise there is nothing to pull back."""
    return all(
        answer.outputs[name].shape == bar.shape for name, bar in bars.items() if name in answer.outputs
    )


def rounded(x: np.ndarray[Any, Any], dtype: str) -> np.ndarray[Any, Any]:
    """The nearest numbers of `dtype`, as float64; integers as they are."""
    if x.dtype.kind != "f" or dtype == "float64":
        return x
    with np.errstate(over="ignore"):
        if dtype != "bfloat16":
            return x.astype(dtype).astype(np.float64)
        bits = np.asarray(x.astype(np.float32)).view(np.uint32).astype(np.uint64)
        even = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        return np.where(np.isfinite(x), even.astype(np.uint32).view(np.float32), x).astype(np.float64)
