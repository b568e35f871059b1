"""What cases of machines of units share: their flags and the changes that make them."""

from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds

NOTES = {
    "bits": "units that are off or on, as data are",
    "all_off": "every unit is off: nothing has an energy",
    "all_on": "every unit is on: the energy is a sum of parameters",
    "tied": "a symmetric W without a diagonal, as the papers have it: half of a matrix would do",
    "one_way": "W above its diagonal alone: what reads W for Wᵀ finds the other half",
    "self_connected": "a diagonal W: no unit meets another one",
    "no_weights": "weights of zero: the units are independent",
    "no_bias": "b = 0",
    "strong_weights": "weights of about 20: nearly every unit is certain",
    "single_unit": "one unit: no pair, and a sum over units is void",
    "warm": "a temperature far above one: all states are nearly alike",
    "frozen": "a temperature far below one: units are nearly certain",
    "unit_temperature": "T = 1, where its powers and its inverse are one",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MACHINE = NOTES.keys() - {"strong_weights"}  # the flags of `machines`
FIVE, SQUARE = {"B": 7, "D": 5}, {"B": 3, "D": 3}
Change = Any


def bits(*names: str) -> Change:
    """Zeros and ones, whichever is nearer."""
    return lambda arrays: {f"input.{name}": np.round(arrays[f"input.{name}"]) for name in names}


def tied(arrays: Arrays) -> Arrays:
    w = np.triu(arrays["input.W"], 1)
    return {"input.W": w + w.T}


def one_way(arrays: Arrays) -> Arrays:
    return {"input.W": np.triu(arrays["input.W"], 1)}


def diagonal(arrays: Arrays) -> Arrays:
    return {"input.W": np.diag(np.diag(arrays["input.W"]))}


def everywhere(value: float, name: str) -> Change:
    return lambda arrays: {f"input.{name}": np.full_like(arrays[f"input.{name}"], value)}


def machines(large: dict[str, int], **sweeps: int) -> list[Ask]:
    """Cases of one matrix at a temperature; `large` is the largest machine, and where there are `sweeps` so many, but 3
    of two units."""
    return [replace(ask, sizes=sweeps | dict(ask.sizes) | ({"T": 3} if sweeps and ask.sizes.get("D") == 2 else {}))
            for ask in _machines(large)]


def _machines(large: dict[str, int]) -> list[Ask]:
    return [
        Ask("means between off and on"),
        Ask("means between off and on, other signs"),
        Ask("more units", sizes=large),
        Ask("as many states as units", ("square",), sizes=SQUARE),
        Ask("one state", ("single_example",), sizes={"B": 1, "D": 3}),
        Ask("one unit", ("single_unit",), sizes={"B": 5, "D": 1}),
        Ask("two units", sizes={"B": 7, "D": 2}),
        Ask("bits", ("primes", "bits"), change=bits("y")),
        Ask("bits of more units", ("primes", "bits"), sizes=large, change=bits("y")),
        Ask("all off", ("primes", "all_off"), change=everywhere(0, "y")),
        Ask("all on", ("primes", "all_on"), change=everywhere(1, "y")),
        Ask("tied weights", ("primes", "tied"), change=tied),
        Ask("tied weights, bits, T = 1", ("primes", "tied", "bits", "unit_temperature"), sizes=large,
            change=both(bits("y"), both(tied, put(temperature=1.0)))),
        Ask("weights above the diagonal", ("primes", "one_way"), change=one_way),
        Ask("a diagonal", ("primes", "self_connected"), change=diagonal),
        Ask("no weights", ("primes", "no_weights"), change=scaled(0, "W")),
        Ask("no bias", ("primes", "no_bias"), change=scaled(0, "b")),
        Ask("T = 1", ("primes", "unit_temperature"), change=put(temperature=1.0)),
        Ask("T = 32", ("primes", "warm"), change=put(temperature=32.0)),
        Ask("T = 1/16", ("primes", "frozen"), change=put(temperature=0.0625)),
        Ask("weights around 30", ("primes", "offset"), "offset"),
        Ask("weights of the order of 1e-5", ("primes", "tiny"), "tiny"),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
        Ask("weights of the order of 15", ("primes", "extreme"), "extreme", large),
        Ask("numbers of 53 bits", ("primes", "full"), change=thirds),
    ]
