"""Cases of Brownian bridges."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, close_to, put, scaled, thirds

NOTES = {
    "many_ranks": "examples of rank three, as images are",
    "middle": "the middle of the interval, where a path is refined: s and 1 − s agree",
    "near_the_ends": "shares near 0 and 1, where the path is steep",
    "long_time": "intervals above one, where a deviation is smaller than its variance",
    "short_time": "intervals far below one: little noise about the line between the ends",
    "ends_at_zero": "both ends at zero",
    "line": "no noise: the line between the ends",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
MIDDLE = put(share=[0.5] * 5)
NEAR_ENDS = put(share=[1e-4, 0.001, 0.5, 0.999, 0.9999])


def inputs_in_thirds(arrays: Arrays) -> Arrays:
    """A third of every input."""
    return thirds({name: x for name, x in arrays.items() if name.startswith("input.")})


def bridge(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, change=change)


CASES = {"brownian_bridge": [
    bridge("a drawn bridge"),
    bridge("another drawn bridge"),
    bridge("seven components", sizes={"B": 5, "...": (7,)}),
    bridge("in the middle", "primes", "middle", change=MIDDLE),
    bridge("in the middle of a short time", "primes", "middle", "short_time",
           change=both(MIDDLE, put(h=[1 / 1024] * 5))),
    bridge("near both ends", "primes", "near_the_ends", change=NEAR_ENDS),
    bridge("near both ends of a long time", "primes", "near_the_ends", "long_time",
           change=both(NEAR_ENDS, put(h=[10.0, 20.0, 30.0, 40.0, 50.0]))),
    bridge("a quarter of the way", change=put(share=[0.25] * 5)),
    bridge("long times", "primes", "long_time", change=put(h=[4.0, 9.0, 16.0, 25.0, 36.0])),
    bridge("short times", "primes", "short_time", change=put(h=[1e-4, 2e-4, 3e-4, 4e-4, 5e-4])),
    bridge("both ends at zero", "primes", "ends_at_zero", change=scaled(0, "left", "right")),
    bridge("no noise", "primes", "line", change=scaled(0, "eps")),
    bridge("ends that nearly agree", "primes", "near", change=close_to("right", "left", 2.0**-16)),
    bridge("images", "many_ranks", sizes=IMAGE),
    bridge("images near both ends", "many_ranks", "near_the_ends", sizes=IMAGE, change=NEAR_ENDS),
    bridge("images, magnitudes from 1e-3 to 20", "many_ranks", "mixed", regime="mixed", sizes=IMAGE),
    bridge("one number an example", sizes={"B": 7, "...": ()}),
    bridge("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
    bridge("square images", "square", "many_ranks", sizes={"B": 3, "...": (3, 3)}),
    bridge("one example", "single_example", sizes={"B": 1, "...": (5,)}),
    bridge("one component", "single_axis", sizes={"B": 5, "...": (1,)}),
    bridge("ends around 30", "primes", "offset", regime="offset"),
    bridge("ends of the order of 1e-5", "primes", "tiny", regime="tiny"),
    bridge("ends of the order of 15", "primes", "extreme", regime="extreme"),
    bridge("numbers of 53 bits", "primes", "full", change=inputs_in_thirds),
    bridge("images, numbers of 53 bits", "full", "many_ranks", sizes=IMAGE, change=inputs_in_thirds),
]}
