"""The laws of three processes, at times from the first to the last: asked where their coefficients are."""

from refdgm.evidence.rare import changed, times
from refdgm.evidence.sde.processes import ENDS, NOTES, of

__all__ = ["CASES", "NOTES", "RARE"]
CASES = {"perturbation_kernel": [ask for process in ENDS for ask in of(process)]}
RARE = {"perturbation_kernel": (lambda case: changed(case, t=times(2.0**-24)),)}
