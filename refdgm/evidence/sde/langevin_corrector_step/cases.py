"""Cases of corrector steps, with lengths of each example and of the batch."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, put, scaled, thirds

NOTES = {
    "usual": "the numbers that are used in practice",
    "long_score": "a score that is long beside the noise: the step is small",
    "weak": "a score that is short beside the noise: the step is large",
    "apart": "examples whose lengths differ by powers of two: a mean of lengths is no length of all",
    "many_ranks": "examples of rank three, as images are",
    "along": "one component: every score lies along every other",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
USUAL = put(snr=0.16)


def uneven(*names: str) -> Any:
    """Examples times 1/2, 1, 2, 4, …."""
    def change(arrays: Arrays) -> Arrays:
        found = {f"input.{name}": arrays[f"input.{name}"] for name in names}
        return {role: x * 2.0 ** (np.arange(len(x)) - 1).reshape(-1, *[1] * (x.ndim - 1)) for role, x in found.items()}
    return change


def inputs_in_thirds(arrays: Arrays) -> Arrays:
    """A third of every input."""
    return thirds({name: x for name, x in arrays.items() if name.startswith("input.")})


def of(norm: str) -> list[Ask]:
    """The questions of one kind of length."""
    def asked(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
        return Ask(f"{norm}: {comment}", flags or ("primes",), regime, sizes, {"norm": norm}, change)

    return [
        asked("a drawn step"),
        asked("the usual ratio", "primes", "usual", change=USUAL),
        asked("a ratio of two", change=put(snr=2.0)),
        asked("eleven components", "primes", "usual", sizes={"B": 3, "...": (11,)}, change=USUAL),
        asked("a long score", "primes", "usual", "long_score", change=both(scaled(2.0**5, "score"), USUAL)),
        asked("a short score", "primes", "usual", "weak", change=both(scaled(2.0**-5, "score"), USUAL)),
        asked("lengths that differ", "primes", "apart", change=uneven("score", "eps")),
        asked("scores of lengths that differ", "primes", "apart", "usual", change=both(uneven("score"), USUAL)),
        asked("images", "many_ranks", sizes=IMAGE),
        asked("images, the usual ratio", "many_ranks", "usual", sizes=IMAGE, change=USUAL),
        asked("one number an example", sizes={"B": 7, "...": ()}),
        asked("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
        asked("square images", "square", "many_ranks", sizes={"B": 3, "...": (3, 3)}),
        asked("one example", "single_example", sizes={"B": 1, "...": (5,)}),
        asked("one component", *(("single_axis",) if norm == "example" else ("along",)), sizes={"B": 5, "...": (1,)}),
        asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
        asked("states of the order of 15", "primes", "extreme", "usual", regime="extreme", change=USUAL),
        asked("states of the order of 1e-5", "primes", "tiny", "weak", regime="tiny"),
        asked("states around 30", "primes", "offset", regime="offset"),
        asked("numbers of 53 bits", "primes", "full", change=inputs_in_thirds),
    ]


CASES = {"langevin_corrector_step": [*(ask for norm in ("example", "batch") for ask in of(norm)),
          *long({"B": 2, "...": (130,)}, norm="example")]}
