"""References that are like another: derived on the same page, asked for by the same words, next to it in its family."""

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.cli.words import words
from refdgm.evidence.aliases import aliases
from refdgm.evidence.pages import pages

MOST, FILLED = 6, 3  # so many at most; the neighbours where there are fewer than that


def similar(name: str) -> list[str]:
    """Names, the most alike first."""
    page, mine = pages().get(name), _called(name)
    family = [ref.name for refs in FAMILIES.values() if CATALOGUE[name] in refs for ref in refs]
    alike = {other: 2 * (page is not None and pages().get(other) == page) + len(mine & _called(other))
             for other in CATALOGUE if other != name}
    found = sorted((other for other in alike if alike[other]),
                   key=lambda other: (-alike[other], other not in family))[:MOST]
    here = family.index(name)
    near = sorted((other for other in family if other != name and other not in found),
                  key=lambda other: abs(family.index(other) - here))
    return found + near[:max(0, FILLED - len(found))]


def _called(name: str) -> set[str]:
    return {"".join(words(one.name)) for one in aliases(name)}
