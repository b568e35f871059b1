"""Questions about the processes from data to noise, at times from the first to the last."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put, thirds

NOTES = {
    "usual": "the numbers that are used in practice",
    "early": "times of the order of 1e-5, where a sampler ends: 1 − e^{−2B} as a difference has few digits",
    "end": "times up to 1, the end of the process",
    "level": "low and high that nearly agree: their logarithms' difference has few digits",
    "far_apart": "low and high of very different size",
    "loud_end": "much noise: e^{−2B} is far below the rounding of one",
    "full": "numbers that use all bits of a float64: products and sums round",
}
EARLY = [1e-5, 2e-5, 5e-5, 1e-4, 1e-3]
END = [0.25, 0.5, 0.75, 0.96875, 1.0]
ENDS = {"vp": (0.1, 20.0), "sub_vp": (0.1, 20.0), "ve": (0.01, 50.0)}


def above_thirds(arrays: Arrays) -> Arrays:
    """A third of every number; that of a larger one stays larger."""
    return thirds({name: x for name, x in arrays.items() if name.startswith("input.")})


def of(process: str) -> list[Ask]:
    """The questions of one process."""
    low, high = ENDS[process]

    def asked(comment: str, *flags: str, size: int = 5, regime: str = "unit", change: Any = None) -> Ask:
        return Ask(f"{process}: {comment}", flags, regime, {"B": size}, {"process": process}, change)

    return [
        asked("drawn numbers", "primes"),
        asked("seven examples", "primes", size=7),
        asked("as it is used", "primes", "usual", change=put(low=low, high=high)),
        asked("as it is used, early", "primes", "usual", "early", change=put(low=low, high=high, t=EARLY)),
        asked("as it is used, to the end", "primes", "usual", "end", change=put(low=low, high=high, t=END)),
        asked("two ends that nearly agree", "primes", "level", change=put(low=1.0, high=1 + 2.0**-12)),
        asked("two ends of very different size", "primes", "far_apart", change=put(low=2.0**-20, high=2.0**7)),
        asked("much noise", "primes", "loud_end", change=put(low=40.0, high=400.0, t=END)),
        asked("one example", "single_example", size=1),
        asked("numbers of 53 bits", "primes", "full", change=above_thirds),
        asked("numbers of 53 bits, early", "primes", "full", "early", change=both(put(t=EARLY), above_thirds)),
    ]
