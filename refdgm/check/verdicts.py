"""The verdicts, in words, and their order."""

AGREES, NONE, LOSES, COARSE, ILL, DIFFERS, MISSING, UNASKED, ERROR, TIMEOUT, PART, ROUGH, EXPECTED, STALE = VERDICTS = (
    "agrees",
    "no gradient, none asked",  # of a hyper-parameter
    "loses digits",
    "agrees in float32",  # asked in float64; what answers in half precision is an error
    "ill-conditioned here",
    "differs",
    "missing",
    "not asked",
    "error",
    "timeout",
    "agrees in part",  # of a function: for some words of an option, and it seems to do no other
    "accumulates coarsely",  # half-precision data, with an error that grows with the length of a reduction
    "differs as expected",  # of a function: as its entry, or refdgm.toml, says, and in no other way
    "expected difference not found",  # of a function that was to differ, and agrees
)
PASSING = (AGREES, NONE, LOSES, COARSE, ILL)
SEVERITY = (AGREES, NONE, ILL, LOSES, COARSE, ERROR, TIMEOUT, UNASKED, MISSING, ROUGH, DIFFERS)  # the last is the worst
NO_PATH = "no gradient reaches it"
