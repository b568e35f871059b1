"""Cases: inputs of every kind for a reference, drawn from its declaration and a seed.

A case says the structure (sizes, options, regime); counter-based Philox numbers fill it, so that a case is the
same everywhere. All inputs are exact in float32, and in the regime "unit" short (multiples of 1/1024).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any

import numpy as np

from refdgm.boundary.conversion import flatten as flatten  # for who has a case in hand
from refdgm.boundary.conversion import nest as nest
from refdgm.declaration.domain import Array, Option, Parameters
from refdgm.declaration.symbols import factors, width
from refdgm.declaration.symbols import sizes as sizes_of
from refdgm.reference import Reference

REGIMES = {
    "unit": "of the order of one, short numbers",
    "offset": "far from the origin: 30 plus the order of one",
    "tiny": "of the order of 1e-5",
    "mixed": "magnitudes from 1e-3 to 20 in one array",
    "extreme": "of the order of 15: exponentials saturate",
    "near": "arrays of one shape differ by about 1e-4: differences cancel",
}
SIZES = sizes_of("drawn")
MANY = 48  # combinations of options
AROUND = (65, 130, 1025)  # a block and one more, blocks and two more, and many; blocks of 64 or 128 end within them


@dataclass(frozen=True)
class Case:
    """One question to an implementation; with outputs and gradients in `arrays`, also its answer."""

    reference: str
    id: str
    options: dict[str, Any]
    arrays: dict[str, np.ndarray]
    regime: str = "unit"
    seed: int = 0
    flags: tuple[str, ...] = ()
    comment: str = ""
    kills: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)  # sizes, bits, digits, radius as the index tells them
    why: dict[str, str] = field(default_factory=dict, compare=False)  # what the index says of the flags

    def role(self, role: str) -> dict[str, Any]:
        """The arrays of "input", "output", "cotangent" or "gradient" by name, parameters as dicts."""
        head = role + "."
        return nest({name[len(head):]: x for name, x in self.arrays.items() if name.startswith(head)})

    def arguments(self) -> dict[str, Any]:
        """The array arguments by name."""
        return self.role("input")

    def cast(self, dtype: Any) -> "Case":
        """The same with all numbers in this dtype; an index stays one."""
        return replace(self, arrays={n: x.astype(dtype) if x.dtype.kind == "f" else x for n, x in self.arrays.items()})

    def cotangents(self) -> tuple[np.ndarray, ...]:
        """One for each differentiable output, in the order of the declaration."""
        return tuple(x for name, x in self.arrays.items() if name.startswith("cotangent."))


def options_grid(ref: Reference, given: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Every combination of the words and named fields, counts at 3, or those with the choices that are `given`; where
    these are very many, so few of them that every two choices are together in one."""
    choices = {name: _choices(ref.args[name]) for name in ref.options}
    for name, chosen in (given or {}).items():
        counted = ref.args[name].least is not None
        choices[name] = (chosen,) if counted else tuple(each for each in choices[name] if each == chosen)
    grid = [dict(zip(choices, combination, strict=True)) for combination in product(*choices.values())]
    return grid if len(grid) <= MANY else _together(grid, 2)


def each_choice(ref: Reference) -> list[dict[str, Any]]:
    """As `options_grid`; with a network, whose words meet no others in a formula, few: every choice is in one."""
    grid = options_grid(ref)
    return _together(grid, 1) if any(ref.args[name].known for name in ref.options) else grid


def _together(grid: list[dict[str, Any]], many: int) -> list[dict[str, Any]]:
    """The first that has most sets of so many choices which none before it has, and so on until all are there."""
    sets = [{*combinations(options.items(), many)} for options in grid]
    left, chosen = set[Any]().union(*sets), []
    while left:
        place = max(range(len(grid)), key=lambda n: (len(sets[n] & left), -n))
        chosen.append(place)
        left -= sets[place]
    return [grid[place] for place in sorted(chosen)]


def _choices(option: Option) -> tuple[Any, ...]:
    least = max(3, option.least or 0)
    return option.words or tuple(option.known) or (least + -least % option.multiple,)


def draw(
    ref: Reference,
    seed: int,
    regime: str = "unit",
    sizes: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    dtype: str = "float64",
) -> Case:
    """Inputs and cotangents for `ref`; what `sizes` and `options` leave open is `SIZES` and the first choice."""
    rng = np.random.Generator(np.random.Philox(key=seed))
    chosen = {name: _choices(ref.args[name])[0] for name in ref.options} | dict(options or {})
    full = ref.sized(SIZES | dict(sizes or {}), chosen)
    arrays: dict[str, np.ndarray] = {}
    bases: dict[tuple[int, ...], np.ndarray] = {}
    for name in ref.arrays:
        domain = ref.args[name]
        if isinstance(domain, Array):
            shape = shape_of(domain.shape, full)
            kind = regime if domain.support.short and not domain.distinct else "exact"
            if domain.below:
                arrays[f"input.{name}"] = rng.integers(max(1, full[domain.below]), size=shape)
                continue
            numbers = _numbers(rng, domain, shape, regime, bases)
            numbers = arrays[f"input.{domain.above}"] + numbers if domain.above else numbers
            arrays[f"input.{name}"] = _exact(numbers, kind, dtype)
            continue
        layout = ref.args[domain.of].known[chosen[domain.of]].layout if isinstance(domain.of, str) else domain.of
        for entry, shape in entries(domain, layout, full).items():
            spread = 1.5 / np.sqrt(shape[-1]) if len(shape) > (2 if domain.stack else 1) else 0.5
            arrays[f"input.{name}.{entry}"] = _exact(spread * rng.normal(size=shape), "unit", dtype)
    for name in ref.bars:
        shape = shape_of(ref.result[name].shape, full)
        arrays[f"cotangent.{name}"] = _exact(rng.normal(size=shape), "unit", dtype)
    told = {symbol: full[symbol] for symbol in full if symbol in symbols(ref)}
    return Case(ref.name, f"{ref.name}/drawn-{regime}-{seed}", chosen, arrays, regime, seed, about={"sizes": told})


def within(ref: Reference, sizes: Mapping[str, Any]) -> dict[str, Any]:
    """The sizes, those that the reference does not take moved to the nearest that it does."""
    return {name: ref.bounds[name].nearest(n) if name in ref.bounds else n for name, n in sizes.items()}


def is_grid(domain: Any) -> bool:
    """A grid of times."""
    return isinstance(domain, Array) and len(domain.shape) == 1 and domain.ordered


def grids(ref: Reference) -> list[str]:
    """The arguments that are grids. What a point of one is worth is the difference of what both steps beside it say,
    which are nearly equal: an element of its gradient has no digits of its own, only those of the largest."""
    return [name for name, domain in ref.args.items() if is_grid(domain)]


def symbols(ref: Reference) -> set[str]:
    """The sizes that its arrays have, by symbol, and that may be chosen."""
    arrays = [d for d in (*ref.args.values(), *ref.result.values()) if isinstance(d, Array)]
    symbols = {str(symbol) for array in arrays for symbol in array.shape}
    networks = [d for d in ref.args.values() if isinstance(d, Parameters)]
    symbols |= {d.stack for d in networks if d.stack}
    symbols |= {each for d in networks for text in (d.inputs, d.outputs) for term in factors(text) for each in term
                if not each.isdigit()}
    return (symbols | {"hidden"} if networks else symbols) - ref.derived.keys()


def shape_of(symbols: Iterable[str | int], sizes: Mapping[str, Any]) -> tuple[int, ...]:
    """A shape in numbers."""
    shape: list[int] = []
    for symbol in symbols:
        size: Any = sizes[symbol] if isinstance(symbol, str) else symbol
        shape.extend(size if symbol == "..." else (size,))
    return tuple(shape)


def entries(domain: Parameters, layout: Any, sizes: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """The shapes of parameters in this layout, by name."""
    found: dict[str, tuple[int, ...]] = layout.shapes(
        width(domain.inputs, sizes), width(domain.outputs, sizes), tuple(sizes["hidden"])
    )
    return {entry: (sizes[domain.stack], *shape) for entry, shape in found.items()} if domain.stack else found


LAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]] = {
    "gumbel": lambda rng, shape: -np.log(-np.log(rng.uniform(1e-6, 1 - 1e-6, size=shape))),
    "rademacher": lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    "normal": lambda rng, shape: rng.normal(size=shape),
}


def _numbers(
    rng: np.random.Generator,
    domain: Array,
    shape: tuple[int, ...],
    regime: str,
    bases: dict[tuple[int, ...], np.ndarray],
) -> np.ndarray:
    if domain.law in LAWS:
        return LAWS[domain.law](rng, shape)
    if domain.support.draw:
        return domain.support.draw(np, rng, shape, regime, lambda: _line(rng, shape, regime, bases))
    if shape == ():
        return rng.choice([-1.0, 1.0]) * rng.uniform(0.2, 2.2, size=shape)
    if is_grid(domain):  # upwards or downwards
        return rng.normal() + rng.choice([-1.0, 1.0]) * np.cumsum(rng.uniform(0.1, 0.8, size=shape))
    return _line(rng, shape, regime, bases)


def _line(
    rng: np.random.Generator, shape: tuple[int, ...], regime: str, bases: dict[tuple[int, ...], np.ndarray]
) -> np.ndarray:
    """Numbers of the whole line."""
    z = rng.normal(size=shape)
    return {
        "near": lambda: bases.setdefault(shape, z) + 1e-4 * rng.normal(size=shape),
        "unit": lambda: z,
        "offset": lambda: 30 + z,
        "tiny": lambda: 1e-5 * z,
        "mixed": lambda: z * 10 ** rng.uniform(-3, 1.3, size=shape),
        "extreme": lambda: 15 * z,
    }[regime]()


def _exact(x: Any, regime: str, dtype: str) -> np.ndarray:
    """In `dtype`, every number exact in float32."""
    x = np.asarray(x, dtype=np.float64)
    if regime == "unit":
        x = np.round(x * 1024) / 1024
    return x.astype(np.float32).astype(dtype)
