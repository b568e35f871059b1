"""Exit codes: 0 agrees, 1 differs, 2 usage, 3 the candidate raised, 4 timeout, 5 a bad vector file; 1 wins over 3–5."""

from collections.abc import Iterable

from refdgm.check.judging import compare as verdicts

AGREES, DIFFERS, USAGE, RAISED, TIMEOUT, VECTORS = range(6)

OF = {
    verdicts.DIFFERS: DIFFERS,
    verdicts.MISSING: DIFFERS,
    verdicts.UNASKED: DIFFERS,
    verdicts.ILL: DIFFERS,  # nothing was shown to agree
    verdicts.ERROR: RAISED,
    verdicts.TIMEOUT: TIMEOUT,
    verdicts.AGREES: AGREES,
    verdicts.LOSES: AGREES,
    verdicts.COARSE: AGREES,
}


def exit_code(
    found: Iterable[str], conventions: bool = False, strict: bool = False, vectors: bool = False
) -> int:
    """Of the verdicts of all functions; `vectors`: a vector file could not be read."""
    found = list(found)
    codes = {OF[verdict] for verdict in found} | ({VECTORS} if vectors else set())
    if strict and (verdicts.LOSES in found or verdicts.COARSE in found or conventions):
        codes.add(DIFFERS)
    for code in (DIFFERS, VECTORS, TIMEOUT, RAISED):
        if code in codes:
            return code
    return AGREES if found else USAGE
