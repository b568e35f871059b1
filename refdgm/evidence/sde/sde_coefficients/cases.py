"""Three processes, at times from the first to the last."""

from refdgm.evidence.sde.processes import ENDS, NOTES, of

__all__ = ["CASES", "NOTES"]
CASES = {"sde_coefficients": [ask for process in ENDS for ask in of(process)]}
