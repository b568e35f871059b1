"""The laws of three processes, at times from the first to the last: asked where their coefficients are."""

from refdgm.evidence.rare import changed, times
from refdgm.evidence.sde.processes import ENDS, of

NOTES = {
    "usual": "the numbers that are used in practice",
    "early": "times of the order of 1e-5, where a sampler ends: 1 − e^{−2B} as a difference has few digits",
    "end": "times up to 1, the end of the process",
    "level": "low and high that nearly agree: their logarithms' difference has few digits",
    "far_apart": "low and high of very different size",
    "loud_end": "much noise: e^{−2B} is far below the rounding of one",
    "full": "numbers that use all bits of a float64: products and sums round",
}

CASES = {"perturbation_kernel": [ask for process in ENDS for ask in of(process)]}
RARE = {"perturbation_kernel": (lambda case: changed(case, t=times(2.0**-24)),)}
