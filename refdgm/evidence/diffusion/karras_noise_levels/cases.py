"""Levels of noise: how many, how far apart their ends, and how steep the power."""

from dataclasses import replace
from typing import Any

from refdgm.cases import Case
from refdgm.evidence.ask import Arrays, Ask, put
from refdgm.evidence.rare import changed, times

NOTES = {
    "usual": "the numbers that are used in practice",
    "lone_level": "one level: the first end, not the last",
    "two_levels": "the ends alone",
    "many": "many levels: N and N − 1 hardly differ",
    "evenly_spaced": "ρ = 1: equal steps, and roots are nothing",
    "large_rho": "a large ρ: nearly geometric",
    "small_rho": "ρ below one: the steps are short near σ_max",
    "far_ends": "ends of very different size",
    "close_ends": "ends that nearly agree",
    "small_levels": "levels below those of the papers",
    "full": "numbers that use all bits of a float64: products and sums round",
}
KARRAS = {"sigma_min": 0.002, "sigma_max": 80.0, "rho": 7.0}
SONG = {"sigma_min": 0.01, "sigma_max": 50.0}


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number, for roots and quotients of all bits."""
    return {name: x / 3 for name, x in arrays.items()}


def asked(comment: str, steps: int, *flags: str, change: Any = None, **numbers: float) -> Ask:
    return Ask(comment, flags, options={"steps": steps}, change=put(**numbers) if numbers else change)


def ends(sigma_min: float, sigma_max: float, rho: float | None = None) -> dict[str, float]:
    return {"sigma_min": sigma_min, "sigma_max": sigma_max} | ({"rho": rho} if rho else {})


LEVELS = [
    asked("drawn numbers", 7, "usual"),
    asked("other numbers", 7, "usual"),
    asked("five as they are used", 5, "usual", **KARRAS),
    asked("eighteen as they are used", 18, "usual", **KARRAS),
    asked("forty as they are used", 40, "usual", **KARRAS),
    asked("a thousand as they are used", 1000, "usual", "many", **KARRAS),
    asked("ten of latent diffusion", 10, "usual", **ends(0.0292, 14.6146, 7.0)),
    asked("two as they are used", 2, "two_levels", **KARRAS),
    asked("three as they are used", 3, "usual", **KARRAS),
    asked("one as it is used", 1, "lone_level", **KARRAS),
    asked("one that is drawn", 1, "lone_level"),
    asked("ρ = 1", 9, "evenly_spaced", **ends(0.002, 80.0, 1.0)),
    asked("ρ = 1, many", 250, "evenly_spaced", "many", **ends(0.01, 50.0, 1.0)),
    asked("ρ = 3, which makes errors equal", 11, "usual", **ends(0.002, 80.0, 3.0)),
    asked("ρ = 2", 13, "usual", **ends(0.25, 9.0, 2.0)),
    asked("ρ = 20", 11, "large_rho", **ends(0.002, 80.0, 20.0)),
    asked("ρ = 1024", 11, "large_rho", **ends(0.002, 80.0, 1024.0)),
    asked("ρ = 2²⁰", 7, "large_rho", **ends(0.01, 50.0, 2.0**20)),
    asked("ρ = ½", 6, "small_rho", **ends(0.25, 4.0, 0.5)),
    asked("ρ = 1/8", 8, "small_rho", **ends(0.3, 2.0, 0.125)),
    asked("ends of very different size", 20, "far_ends", **ends(2.0**-30, 2.0**30, 7.0)),
    asked("ends that nearly agree", 5, "close_ends", **ends(1.0, 1 + 2.0**-12, 7.0)),
    asked("levels below those of the paper", 12, "small_levels", **ends(2.0**-16, 1.0, 7.0)),
    asked("eleven drawn", 11, "usual"),
    asked("thirteen drawn", 13, "usual"),
    asked("numbers of 53 bits", 7, "full", change=thirds),
]
LADDER = [
    asked("drawn numbers", 7, "usual"),
    asked("other numbers", 7, "usual"),
    asked("ten as they are used", 10, "usual", **ends(0.01, 1.0)),
    asked("eleven as they are used", 11, "usual", **SONG),
    asked("two hundred and thirty-two as they are used", 232, "usual", "many", **SONG),
    asked("a thousand as they are used", 1000, "usual", "many", **SONG),
    asked("eighteen between the ends of others", 18, "usual", **ends(0.002, 80.0)),
    asked("halves", 9, "usual", **ends(2.0**-4, 2.0**4)),
    asked("two as they are used", 2, "two_levels", **SONG),
    asked("three as they are used", 3, "usual", **SONG),
    asked("one as it is used", 1, "lone_level", **SONG),
    asked("one that is drawn", 1, "lone_level"),
    asked("two that are drawn", 2, "two_levels"),
    asked("three that are drawn", 3, "usual"),
    asked("ends of very different size", 20, "far_ends", **ends(2.0**-30, 2.0**30)),
    asked("ends that nearly agree", 5, "close_ends", **ends(1.0, 1 + 2.0**-12)),
    asked("levels below those of the papers", 12, "small_levels", **ends(2.0**-20, 1.0)),
    asked("both ends below those of the papers", 6, "small_levels", **ends(2.0**-20, 2.0**-10)),
    asked("large levels", 8, "far_ends", **ends(2.0**10, 2.0**20)),
    asked("eleven drawn", 11, "usual"),
    asked("thirteen drawn", 13, "usual"),
    asked("numbers of 53 bits", 7, "full", change=thirds),
]

CASES = {"karras_noise_levels": LEVELS, "geometric_noise_levels": LADDER}


def smaller(case: Case) -> Case:
    """Both ends a 2¹⁰th."""
    return changed(case, sigma_min=times(2.0**-10), sigma_max=times(2.0**-10))


def alone(case: Case) -> Case:
    """One level."""
    return replace(case, options=case.options | {"steps": 1})


RARE = {"karras_noise_levels": (smaller, alone), "geometric_noise_levels": (smaller, alone)}
