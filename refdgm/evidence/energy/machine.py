"""What cases of machines of units share: their flags and the changes that make them."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays

NOTES = {
    "bits": "units that are off or on, as data are",
    "all_off": "every unit is off: nothing has an energy",
    "all_on": "every unit is on: the energy is a sum of parameters",
    "tied": "a symmetric W without a diagonal, as the papers have it: half of a matrix would do",
    "one_way": "W above its diagonal alone: what reads W for Wᵀ finds the other half",
    "self_connected": "a diagonal W: no unit meets another one",
    "no_weights": "W = 0: the units are independent",
    "strong_weights": "weights of about 20: nearly every unit is certain",
    "single_unit": "one unit: no pair, and a sum over units is void",
}
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
