"""Frozen cases on which every mistake shows; and rare but valid inputs, for those blind ones that hide on them."""

from refdgm.cases import Case, draw, options_grid
from refdgm.declaration.symbols import alike
from refdgm.evidence.find import of_cases
from refdgm.reference import Reference

SQUARE = alike(4)
SEED, RARE_SEED = 20_000, 30_000


def killing_cases(ref: Reference) -> list[Case]:
    """Every choice of the options on sizes that are all different and on sizes that are all equal; and what
    only some references need (`KILLING` beside their cases): shared codes, exact ties."""
    cases = [
        draw(ref, SEED + number, sizes=sizes, options=options)
        for number, (options, sizes) in enumerate(
            (options, sizes) for options in options_grid(ref) for sizes in ({}, SQUARE)
        )
    ]
    more = of_cases(ref.name, "KILLING", None)
    return [*cases, *more(ref, SEED + 500, cases)] if more else cases


def rare_cases(ref: Reference) -> list[Case]:
    """What is rare for this reference (`RARE` beside its cases); for most there is nothing."""
    drawn = draw(ref, RARE_SEED, options=of_cases(ref.name, "RARE_OPTIONS", None))
    return [change(drawn) for change in of_cases(ref.name, "RARE")]
