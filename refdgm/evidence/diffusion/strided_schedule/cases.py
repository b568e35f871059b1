"""Strided schedules: dividing and not, few steps and all of them."""

from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case, draw, options_grid
from refdgm.evidence.ask import Arrays, Ask, thirds
from refdgm.evidence.diffusion.levels import NOTES as OF_LEVELS
from refdgm.evidence.rare import changed
from refdgm.reference import Reference

NOTES = {
    **OF_LEVELS,
    "divides": "T is a multiple of S",
    "halves": "a timestep lies halfway between two: it goes to the even one",
    "all_steps": "S = T: the training's own schedule, turned round",
    "single_stride": "S = 1: from a single timestep to the data",
    "small_strides": "β of the order of 1e-3: strides as differences of ᾱ lose digits",
}


def small(arrays: Arrays) -> Arrays:
    return {name: x / 1024 for name, x in arrays.items()}


def ask(train: int, steps: int, spacing: str, *flags: str, change: Any = None, more: str = "") -> Ask:
    options = {"steps": steps, "spacing": spacing}
    sizes = ("primes",) if 1 < steps < train else ()
    return Ask(f"{spacing}: {steps} of {train} steps{more}", (*sizes, *flags), sizes={"T": train}, options=options,
               change=change)


LIST = [
    *(ask(11, 3, spacing) for spacing in ("leading", "linspace", "trailing")),
    *(ask(23, 7, spacing) for spacing in ("leading", "linspace", "trailing")),
    *(ask(17, 5, spacing, "small_strides", change=small, more=", small β") for spacing in ("leading", "linspace",
                                                                                      "trailing")),
    *(ask(7, 7, spacing, "all_steps") for spacing in ("leading", "linspace", "trailing")),
    ask(13, 1, "leading", "single_stride"),
    ask(13, 1, "trailing", "single_stride"),
    Ask("leading: 4 of 12 steps", ("divides",), sizes={"T": 12}, options={"steps": 4, "spacing": "leading"}),
    Ask("trailing: 4 of 12 steps", ("divides",), sizes={"T": 12}, options={"steps": 4, "spacing": "trailing"}),
    Ask("linspace: 3 of 6 steps", ("divides", "halves"), sizes={"T": 6}, options={"steps": 3, "spacing": "linspace"}),
    Ask("linspace: 3 of 8 steps", ("halves",), sizes={"T": 8}, options={"steps": 3, "spacing": "linspace"}),
    Ask("trailing: 4 of 10 steps", ("halves",), sizes={"T": 10}, options={"steps": 4, "spacing": "trailing"}),
    Ask("trailing: 4 of 14 steps", ("halves",), sizes={"T": 14}, options={"steps": 4, "spacing": "trailing"}),
    *(ask(11, 5, spacing, "full", change=thirds, more=", numbers of 53 bits") for spacing in ("leading", "linspace",
                                                                                             "trailing")),
    ask(13, 1, "linspace", "single_stride", "later"),
]


def longer(ref: Reference, seed: int, cases: list[Case]) -> list[Case]:
    """Strides of one and the same length hide where they end."""
    return [draw(ref, seed, sizes={"T": 11}, options=options) for options in options_grid(ref)]


CASES = {"strided_schedule": LIST}
KILLING = {"strided_schedule": longer}
RARE = {
    "strided_schedule": (
        lambda case: replace(case, options=case.options | {"steps": 1, "spacing": "linspace"}),
        lambda case: replace(changed(case, beta=lambda x: np.resize(x, 6)),
                             options={"steps": 3, "spacing": "linspace"}),
    ),
}
