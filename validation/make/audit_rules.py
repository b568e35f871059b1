"""The acceptance rules of public judges of kernels, in own words, and numbers drawn as they draw them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from refdgm.cases import SIZES, Case, draw, shape_of
from refdgm.declaration.domain import Array
from refdgm.reference import Reference

DATA = Path(__file__).with_name("audit.json")
DRAWS = ("uniform", "normal")


@dataclass(frozen=True)
class Law:
    """What a rule allows an array to be off by, against the right one in the same dtype.

    An element is within where |a − b| ≤ atol + rtol |b|, as in `allclose`; with `either`, where one of |a − b| ≤ atol
    and |a − b| ≤ rtol (|b| + 1e-8) holds. At least `share` of the elements must be within.
    """

    atol: float
    rtol: float
    either: bool = False
    share: float = 1.0
    finite: bool = False  # whether what is not finite is refused, right or not
    zeros: bool = True  # whether an array of zeros is looked at at all where the right one is none

    def accepts(self, got: Any, right: Any) -> bool:
        if got.shape != right.shape:
            return False
        if self.finite and not (np.isfinite(got).all() and np.isfinite(right).all()):
            return False
        if not self.zeros and right.any() and not got.any():
            return False
        with np.errstate(all="ignore"):
            off, size = np.abs(got - right), np.abs(right)
            within = (off <= self.atol) | (off <= self.rtol * (size + got.dtype.type(1e-8))) if self.either else (
                off <= self.atol + self.rtol * size)
        within |= got == right  # infinities
        return bool(np.mean(within) >= self.share) if within.size else True


@dataclass(frozen=True)
class Judge:
    """A rule and how it is used: `inputs` is how it draws, `gradients` whether it looks at them."""

    who: str
    law: Law
    inputs: str
    gradients: bool
    said: str
    source: str


@cache
def data() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))


@cache
def judges() -> dict[str, Judge]:
    return {name: Judge(**told | {"law": Law(**told["law"])}) for name, told in data()["judges"].items()}


def drawn(ref: Reference, law: str, seed: int, sizes: dict[str, Any] | None = None,
          given: dict[str, Any] | None = None) -> Case:
    """Inputs in [0, 1) or of the normal law, exact in float32; what an argument cannot be, or is `given`, otherwise.

    Cotangents are normal under both laws, as who looks at gradients draws them.
    """
    full = SIZES | {name: tuple(n) if isinstance(n, list) else n for name, n in (sizes or {}).items()}
    case = draw(ref, seed, sizes=full)
    full = ref.sized(full, case.options)
    rng = np.random.Generator(np.random.Philox(key=seed + 1))
    arrays = dict(case.arrays)
    for name in ref.arrays:
        domain = ref.args[name]
        if not isinstance(domain, Array) or domain.below:  # an index is drawn by its declaration
            continue
        shape, role = shape_of(domain.shape, full), f"input.{name}"
        if name in (given or {}):
            arrays[role] = _given(given[name], rng, shape)
        elif domain.support.draw is None and not domain.law:  # any number, and no law of its own
            arrays[role] = rng.random(shape) if law == "uniform" else rng.normal(size=shape)
        arrays[role] = np.asarray(arrays[role], dtype=np.float32).astype(np.float64)
    return Case(case.reference, f"{ref.name}/{law}-{seed}", case.options, arrays, law, seed)


def _given(what: Any, rng: Any, shape: tuple[int, ...]) -> Any:
    """A number everywhere, 0, 1, 2, … along an axis, or one-hot rows."""
    if what == "counted":
        return np.broadcast_to(np.arange(shape[-1], dtype=np.float64), shape)
    if what == "labels":
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
    return np.full(shape, float(what))
