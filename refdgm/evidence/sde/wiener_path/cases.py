"""Cases of Wiener paths."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled

NOTES = {
    "tiny_steps": "steps so small that a step and its root are far apart",
    "long_steps": "steps above one, where the root is the smaller of the two",
    "equal_steps": "one step for all, as most grids are: which of them is used does not show",
    "uneven": "steps of different lengths: what assumes equal ones is seen",
    "single_step": "a chain of one step: no error can hide in the chaining",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 5, "D": 3, "T": 7}
LONG = {"B": 2, "D": 3, "T": 13}


def thirds_of_all(arrays: Arrays) -> Arrays:
    """A third of every input."""
    return {name: x / 3 for name, x in arrays.items() if name.startswith("input.")}


def path(comment: str, *flags: str, sizes: Any = SIZES, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, change=change)


CASES = {"wiener_path": [
    path("a drawn path"),
    path("another drawn path"),
    path("two steps", sizes={"B": 5, "D": 3, "T": 2}),
    path("more components than steps", sizes={"B": 3, "D": 11, "T": 5}),
    path("more examples than steps", sizes={"B": 11, "D": 2, "T": 3}),
    path("thirteen steps", sizes=LONG),
    path("steps of 1/1024", "primes", "tiny_steps", "equal_steps", change=put(h=[1 / 1024] * 7)),
    path("steps of 0.0001 to 0.0007", "primes", "tiny_steps", change=put(h=[n * 0.0001 for n in range(1, 8)])),
    path("steps of a quarter", "primes", "equal_steps", change=put(h=[0.25] * 7)),
    path("steps that double", "primes", "uneven", change=put(h=[2.0**n for n in range(-4, 3)])),
    path("steps that fall by tens", "primes", "uneven", change=put(h=[10.0**-n for n in range(7)])),
    path("one long step among short ones", "primes", "uneven", change=put(h=[0.01, 0.01, 0.01, 9.0, 0.01, 0.01, 0.01])),
    path("steps of the order of ten", "primes", "long_steps", "extreme", regime="extreme"),
    path("small steps", "primes", "tiny_steps", "tiny", regime="tiny"),
    path("steps of squares", "primes", "long_steps", change=put(h=[1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0])),
    path("little noise", change=scaled(2.0**-10, "eps")),
    path("much noise", "primes", "tiny_steps",
         change=both(scaled(2.0**6, "eps"), put(h=[n * 0.001 for n in range(1, 8)]))),
    path("one step", "single_step", sizes=SIZES | {"T": 1}),
    path("all sizes equal", "square", sizes={"B": 3, "D": 3, "T": 3}),
    path("one example", "single_example", sizes={"B": 1, "D": 5, "T": 7}),
    path("one component", "single_axis", sizes={"B": 5, "D": 1, "T": 7}),
    path("numbers of 53 bits", "primes", "full", change=thirds_of_all),
    path("numbers of 53 bits, thirteen steps", "primes", "full", sizes=LONG, change=thirds_of_all),
]}
