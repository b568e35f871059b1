"""A sum that may be written in several ways, of which one cancels where another does not."""

from refdgm.namespace import Array, namespace


def smaller_terms(these: tuple[Array, ...], *others: tuple[Array, ...]) -> Array:
    """Σ of the terms.

    Of lists of terms with one sum, element by element a later one where its terms are less than half as large: fewer
    digits cancel in it. Where they are equal, as they may be exactly, it is the first.
    """
    xp = namespace(these[0])
    best, size = sum(these), sum(xp.abs(x) for x in these)
    for those in others:
        own = sum(xp.abs(x) for x in those)
        best, size = xp.where(2 * own < size, sum(those), best), xp.where(2 * own < size, own, size)
    return best
