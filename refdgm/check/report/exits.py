"""Exit codes. Of several 1 wins, then 5, 4 and 3: a difference that was seen is not undone by what was not."""

from collections.abc import Iterable

from refdgm.check import verdicts

AGREES, DIFFERS, USAGE, RAISED, TIMEOUT, VECTORS, FAULT = range(7)
INTERRUPTED = 130
WORDS = {
    AGREES: "agrees",
    DIFFERS: "differs",
    USAGE: "usage",
    RAISED: "the candidate raised",
    TIMEOUT: "timeout",
    VECTORS: "a bad vector file",
    FAULT: "a fault of refdgm itself, or a report that could not be told",
    INTERRUPTED: "interrupted",
}

OUTCOMES = {AGREES: "agrees", DIFFERS: "differs", USAGE: "usage", RAISED: "raised", TIMEOUT: "timeout",
            VECTORS: "vectors", FAULT: "fault", INTERRUPTED: "interrupted"}
CONVENTION = "convention"  # the outcome where nothing stands against plain agreement but a convention not declared

OF = {
    verdicts.DIFFERS: DIFFERS,
    verdicts.MISSING: DIFFERS,
    verdicts.UNASKED: DIFFERS,
    verdicts.PART: DIFFERS,
    verdicts.ROUGH: DIFFERS,
    verdicts.ILL: DIFFERS,  # nothing was shown to agree
    verdicts.ERROR: RAISED,
    verdicts.TIMEOUT: TIMEOUT,
    verdicts.AGREES: AGREES,
    verdicts.NONE: AGREES,
    verdicts.LOSES: AGREES,
    verdicts.COARSE: AGREES,
    verdicts.EXPECTED: AGREES,
    verdicts.STALE: DIFFERS,
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


def outcome(
    found: Iterable[str],
    conventions: bool = False,
    strict: bool = False,
    vectors: bool = False,
    code: int | None = None,
) -> str:
    """The exit code in one word, and whether it would be plain agreement but for a convention that is not declared;
    `code` where it is not that of the verdicts."""
    found = list(found)
    usual = exit_code(found, conventions, strict, vectors)
    if conventions and code in (None, usual) and exit_code(found, False, strict, vectors) == AGREES:
        return CONVENTION
    differing = {verdict for verdict in found if OF[verdict] == DIFFERS}
    if differing == {verdicts.PART} and code in (None, usual) and usual == DIFFERS:
        return verdicts.PART  # what differs may be no more than an option that is not there
    return OUTCOMES[usual if code is None else code]
