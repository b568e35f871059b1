"""Scalar functions at every floating-point number: how far our value and slope are off, and where furthest.

    python validation/make/sweep.py --date 2026-11-30               bfloat16 whole, float32 every 257th, minutes
    python validation/make/sweep.py --date … --stride 1             float32 whole; the record says how long that takes
    python validation/make/sweep.py --date … --only silu            this one (may be repeated); the others stay
    python validation/make/sweep.py --table                         makes the table again, asks nothing

The record is `validation/reports/sweep.json`; `sweep.md` beside it is made of it. An error is the distance from the
definition in NumPy's longest numbers (`sweep_definitions.py`), over the spacing of the numbers of the dtype at the
exact result. Every finite number is an input. A stride is odd, so that what is asked has every exponent and all
endings. Three ways of computing are asked:

* *float32*: numbers and operations in float32.
* *bfloat16 inside float32*: numbers of bfloat16, operations in float32, the result rounded, as kernels do.
* *bfloat16*: every operation rounded to bfloat16.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from refdgm import CATALOGUE  # noqa: E402
from refdgm.check.noise import in_bfloat16, noisy  # noqa: E402
from refdgm.check.numbers import rounded  # noqa: E402
from validation.make.accuracy import level, told  # noqa: E402
from validation.make.detection_tables import table  # noqa: E402
from validation.make.sweep_definitions import DEFINITIONS, LONG, exact  # noqa: E402

RECORD = ROOT / "validation" / "reports" / "sweep.json"
CHUNK = 2**20
STRIDE = 257
LEAST = -149  # the exponent of the smallest number above zero, of float32
ROLES = ("value", "slope")

Pair = tuple[Any, Any]  # value, and slope at a cotangent of one


@dataclass(frozen=True)
class Way:
    """`many` bit patterns of inputs; how a body is asked; the bits and the smallest exponent of what it answers in."""

    many: int
    inputs: Callable[[Any], Any]
    ask: Callable[[Any, Any], Pair]
    bits: int
    least: int


def of_bfloat16(patterns: Any) -> Any:
    return (patterns.astype(np.uint32) << 16).view(np.float32)


def plainly(body: Any, x: Any) -> Pair:
    """In the dtype of x."""
    value, pullback = body(x)
    return value, pullback(np.ones_like(x))["x"]


def rounded_once(body: Any, x: Any) -> Pair:
    value, slope = plainly(body, x)
    return rounded(value.astype(np.float64), "bfloat16"), rounded(slope.astype(np.float64), "bfloat16")


def rounded_each(body: Any, x: Any) -> Pair:
    """Every operation rounded, on float64 arrays."""
    with in_bfloat16():
        value, slope = plainly(body, noisy(x.astype(np.float64)))
    return np.asarray(value), np.asarray(slope)


WAYS = {
    "float32": Way(2**32, lambda patterns: patterns.astype(np.uint32).view(np.float32), plainly, 24, LEAST),
    "bfloat16 inside float32": Way(2**16, of_bfloat16, rounded_once, 8, -133),
    "bfloat16": Way(2**16, of_bfloat16, rounded_each, 8, -133),
}


@dataclass
class Found:
    """Of one role: how many numbers, the largest error in ulps and where, how many are not the nearest number."""

    numbers: int = 0
    ulps: float = 0.0
    at: float = 0.0
    got: float = 0.0
    right: float = 0.0
    total: float = 0.0
    nearest: int = 0

    def take(self, x: Any, got: Any, right: Any, way: Way) -> None:
        off = ulps(got, right, way)
        worst = int(np.argmax(off))
        if self.numbers == 0 or off[worst] > self.ulps:
            self.ulps, self.at = float(off[worst]), float(x[worst])
            self.got, self.right = float(got[worst]), float(right[worst])
        self.numbers += off.size
        self.total += float(np.sum(off))
        self.nearest += int(np.sum(off <= 0.5))

    def plain(self) -> dict[str, Any]:
        return {"numbers": self.numbers, "ulps": told(self.ulps), "at": self.at, "got": self.got,
                "right": float(np.float64(self.right)), "mean ulps": told(self.total / self.numbers),
                "nearest": round(self.nearest / self.numbers, 6)}


def ulps(got: Any, right: Any, way: Way) -> Any:
    """The distance over the spacing of numbers at the exact result; infinite where it is no number."""
    _, exponent = np.frexp(right)
    spacing = np.ldexp(right.dtype.type(1), np.where(right == 0, way.least, np.maximum(exponent - way.bits, way.least)))
    off = np.abs(got.astype(right.dtype) - right) / spacing
    return np.where(np.isnan(off), np.inf, off).astype(np.float64)


def chunks(way: Way, stride: int) -> Iterator[Any]:
    """The finite numbers, every so manieth."""
    for start in range(0, way.many, CHUNK * stride):
        x = way.inputs(np.arange(start, min(start + CHUNK * stride, way.many), stride, dtype=np.int64))
        yield x[np.isfinite(x)]


def swept(body: Any, name: str, way: Way, stride: int) -> dict[str, Found]:
    """By role, against the definition of this name."""
    found = {role: Found() for role in ROLES}
    with np.errstate(all="ignore"):
        for x in chunks(way, stride):
            if x.size:
                for role, got, right in zip(ROLES, way.ask(body, x), exact(name, x), strict=True):
                    found[role].take(x, got, right, way)
    return found


def measured(name: str, stride: int) -> dict[str, Any]:
    """One function, in every way, with the seconds that 2²⁴ float32 numbers took."""
    made: dict[str, Any] = {}
    for called, way in WAYS.items():
        step, started = stride if way.many > 2**16 else 1, time.process_time()
        found = swept(CATALOGUE[name].body, name, way, step)
        made[called] = {"stride": step} | {role: one.plain() for role, one in found.items()}
        if way.many > 2**16:
            seconds = (time.process_time() - started) * 2**24 / found["value"].numbers
            made[called]["seconds for 2^24"] = round(seconds, 1)
    return made


def report(kept: dict[str, Any]) -> str:
    """The table."""
    rows = [[f"`{name}`", way, role, f"{one[role]['numbers']:,}", f"{one[role]['ulps']:.3g}", f"{one[role]['at']:.9g}",
             f"{one[role]['got']:.9g}", f"{one[role]['right']:.9g}", f"{one[role]['mean ulps']:.3g}",
             f"{100 * one[role]['nearest']:.2f} %"]
            for name, record in kept.items() for way, one in record["ways"].items() for role in ROLES]
    strides = sorted({record["ways"]["float32"]["stride"] for record in kept.values()})
    hours = sum(record["ways"]["float32"]["seconds for 2^24"] for record in kept.values()) * 2**8 / 3600
    made = sorted({", ".join((one["date"], one["level"], *(f"{n} {v}" for n, v in one["versions"].items())))
                   for one in kept.values()})
    return "\n".join([
        "# Scalar functions at every number", "",
        f"Made by `python validation/make/sweep.py`. {'; '.join(made)}.", "",
        "Of every finite bfloat16 number, and of every "
        f"{' or '.join(f'{n}th' if n > 1 else 'single' for n in strides)} finite float32 number: the distance of our "
        "value, and of our slope (the pullback of one), from the definition in numbers of 64 bits, in units of the "
        "spacing of the dtype at the exact result. Told are the largest, where it stands, the mean, and how many are "
        "the nearest number. What is below the normal numbers is asked and answered too. All of float32, `--stride 1`, "
        f"is {hours:.1f} hours of one core for these {len(kept)} functions.", "",
        *table(["function", "in", "of", "numbers", "ulps at most", "at x =", "got", "right", "mean", "nearest"], rows),
        "In *bfloat16* every operation is rounded to 8 bits; *bfloat16 inside float32* rounds the result once, as "
        "kernels do. Where a slope crosses zero an ulp of it is small, and where a tail is e^{−|u|} a rounding of u is "
        "|u| of them: there the largest stand. Other levels of instructions have other exponentials in NumPy, and so "
        "other figures.", "",
    ])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="today")
    parser.add_argument("--only", action="append", choices=list(DEFINITIONS), metavar="NAME",
                        help="this one (may be repeated)")
    parser.add_argument("--stride", type=int, default=STRIDE, help=f"odd; 1 is all of float32 (default {STRIDE})")
    parser.add_argument("--table", action="store_true", help="make the table alone")
    chosen = parser.parse_args(arguments)
    kept: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if not chosen.table:
        if not chosen.date:
            parser.error("--date must say which day it is")
        if chosen.stride < 1 or chosen.stride % 2 == 0:
            parser.error(f"--stride must be odd and at least 1, got {chosen.stride}; an even one leaves endings out")
        if np.finfo(LONG).nmant < 63:
            parser.error("the longest numbers of this machine have fewer than 64 bits; sweep on x86-64")
        versions = {"python": platform.python_version(), "numpy": metadata.version("numpy")}
        for name in chosen.only or DEFINITIONS:
            kept[name] = {"date": chosen.date, "level": level(), "versions": versions,
                          "ways": measured(name, chosen.stride)}
            kept = {one: kept[one] for one in DEFINITIONS if one in kept}
            RECORD.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            print(name, flush=True)
    RECORD.with_suffix(".md").write_text(report(kept), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
