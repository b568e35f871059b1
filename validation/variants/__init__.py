"""What the field computes under the same name by another definition: bodies that are right, and not the reference's.

A convention that maps arguments and outputs is declared by the reference itself; here is what no such map expresses.
`refdgm check` knows a candidate that follows one by its value and every gradient, as it knows a convention.
"""

from importlib import import_module

from refdgm.variants.variant import VARIANTS, Variant

for family in ("gaussian", "embedding", "sliced", "sampling", "solvers"):
    import_module(f"{__name__}.{family}")


def of(reference: str) -> list[Variant]:
    """The variants of one reference, by its name."""
    return [entry for entry in VARIANTS if entry.reference == reference]


__all__ = ["VARIANTS", "Variant", "of"]
