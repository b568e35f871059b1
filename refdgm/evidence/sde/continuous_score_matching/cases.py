"""Objectives of three processes with three weights."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled
from refdgm.evidence.sde.processes import EARLY, END, ENDS, above_thirds
from refdgm.evidence.sde.processes import NOTES as OF_PROCESSES

NOTES = {flag: why for flag, why in OF_PROCESSES.items() if flag not in ("level", "far_apart")} | {
    "denoised": "the score is nearly −ε/σ: the sum of the two cancels",
    "no_score": "a score of zero: the target alone speaks",
    "no_noise": "noise of exactly zero: the score alone speaks",
    "image": "examples of rank three, as images are",
    "no_axes": "one number an example",
}
WEIGHTINGS = ("std2", "diffusion2", "one")
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def deviation(process: str, t: Any, low: Any, high: Any) -> Any:
    total = t * ((2 - t) * low + t * high) / 2
    return {"vp": np.sqrt(-np.expm1(-total)), "sub_vp": -np.expm1(-total),
            "ve": low * np.sqrt(np.expm1(2 * t * np.log(high / low)))}[process]


def denoised(process: str, by: float) -> Any:
    """The score is −ε/ς as float32 has it, plus `by` times what was drawn."""

    def change(arrays: Arrays) -> Arrays:
        std = deviation(process, *(arrays[f"input.{name}"] for name in ("t", "low", "high")))
        near = -arrays["input.eps"] / std.reshape(-1, *(1 for _ in arrays["input.eps"].shape[1:]))
        near = near + by * arrays["input.score"]
        return {"input.score": near.astype(np.float32).astype(np.float64)}

    return change


def of(process: str, weighting: str) -> list[Ask]:
    """The questions of one pair."""
    low, high = ENDS[process]

    def asked(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
        return Ask(f"{process}, {weighting}: {comment}", flags, regime, sizes,
                   {"process": process, "weighting": weighting}, change)

    used = put(low=low, high=high, t=END)
    often = [
        asked("drawn numbers", "primes"),
        asked("as it is used, to the end", "primes", "usual", "end", change=used),
        asked("as it is used, early, a network that denoises to a digit", "primes", "usual", "early", "denoised",
              change=both(put(low=low, high=high, t=EARLY), denoised(process, 2.0**-3))),
    ]
    more = {
        ("vp", "std2"): [asked("images", "image", sizes=IMAGE), asked("a score of zero", "primes", "no_score",
                                                                      change=scaled(0, "score"))],
        ("vp", "diffusion2"): [
            asked("as many components as examples", "square", sizes={"B": 5, "...": (5,)}, change=used),
            asked("numbers of 53 bits", "primes", "full", change=above_thirds)],
        ("vp", "one"): [asked("one example", "single_example", sizes={"B": 1, "...": (3,)}),
                        asked("noise of zero", "primes", "no_noise", change=scaled(0, "eps"))],
        ("sub_vp", "std2"): [asked("matrices", "primes", sizes={"B": 7, "...": (3, 2)})],
        ("sub_vp", "diffusion2"): [asked("images, as used", "image", "usual", sizes=IMAGE, change=used),
                                   asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed")],
        ("sub_vp", "one"): [asked("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
                            asked("numbers of 53 bits, to the end", "primes", "full", change=both(used, above_thirds))],
        ("ve", "std2"): [
            asked("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
            asked("early, a score of the order of one", "primes", "early", "usual",
                  change=put(low=low, high=high, t=EARLY))],
        ("ve", "diffusion2"): [
            asked("matrices, as used", "primes", "usual", sizes={"B": 5, "...": (3, 2)}, change=used),
            asked("numbers of the order of 15", "primes", "extreme", regime="extreme")],
        ("ve", "one"): [asked("much noise", "primes", "loud_end", change=put(low=40.0, high=400.0, t=END)),
                        asked("numbers of the order of 1e-5", "primes", "tiny", regime="tiny")],
    }
    return often + more[process, weighting]


CASES = {"continuous_score_matching": [ask for process in ENDS for one in WEIGHTINGS for ask in of(process, one)]}
