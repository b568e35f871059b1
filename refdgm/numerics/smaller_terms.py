"""A sum that may be written in two ways, of which the one cancels where the other does not."""

from refdgm.namespace import Array, namespace


def smaller_terms(these: tuple[Array, ...], those: tuple[Array, ...]) -> Array:
    """Σ of the terms.

    Of two lists of terms with one sum, element by element the second where its terms are less than half as large: fewer
    digits cancel in it. Where both are equal, as they may be exactly, it is the first.
    """
    xp = namespace(these[0])
    return xp.where(2 * sum(xp.abs(x) for x in those) < sum(xp.abs(x) for x in these), sum(those), sum(these))
