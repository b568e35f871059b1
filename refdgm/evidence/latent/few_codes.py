"""A case for codebooks with fewer codes than examples."""

from refdgm.cases import Case, draw
from refdgm.reference import Reference


def few_codes(ref: Reference, seed: int, cases: list[Case]) -> list[Case]:
    """Some codes are taken twice."""
    return [draw(ref, seed, sizes={"K": 2})]
