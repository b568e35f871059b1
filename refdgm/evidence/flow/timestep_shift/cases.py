"""Shifts as they are used, and far beyond."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put

NOTES = {
    "usual": "the numbers that are used in practice",
    "unshifted": "s = 1: nothing is shifted, and the shift has a gradient all the same",
    "towards_data": "s below 1: the times fall",
    "far": "shifts of 16 and 1/16: nearly all times go to one end",
    "ends": "times of 0 and 1 themselves, which stay",
    "little_shifted": "times near 0: little noise",
    "mostly_shifted": "times near 1: little data, and 1 − t is small",
    "full": "numbers that use all bits of a float64: products and sums round",
    "sampler_grid": "a grid of a sampler, from the noise to the data",
}
EARLY = [2.0**-k for k in (4, 6, 9, 12, 16)]
LATE = [1 - 2.0**-k for k in (4, 6, 8, 10, 12)]
SPREAD = [0.0009765625, 0.25, 0.4375, 0.8125, 0.984375]
ENDS = [0.0, 1.0, 0.5, 0.0, 1.0]
GRID = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number: times stay from 0 to 1."""
    return {name: x / 3 for name, x in arrays.items()}


def shifted(comment: str, *flags: str, size: int = 5, t: Any = None, by: float | None = None,
            full: bool = False) -> Ask:
    given = ({} if t is None else {"t": t}) | ({} if by is None else {"shift": by})
    change = both(put(**given), thirds) if full else put(**given)
    return Ask(comment, flags or ("primes",), "unit", {"B": size}, {}, change)


LIST = [
    shifted("drawn numbers"),
    shifted("seven examples", size=7),
    shifted("thirteen examples", size=13),
    shifted("as in Stable Diffusion 3", "primes", "usual", by=3.0),
    shifted("as in Stable Diffusion 3, from the data to the noise", "primes", "usual", t=SPREAD, by=3.0),
    shifted("a grid of a sampler", "primes", "usual", "sampler_grid", size=11, t=GRID, by=3.0),
    shifted("as in Flux, large", "primes", "usual", t=SPREAD, by=3.1581929),
    shifted("as in Flux, small", "primes", "usual", t=SPREAD, by=1.6487213),
    shifted("no shift", "primes", "unshifted", by=1.0),
    shifted("no shift, from the data to the noise", "primes", "unshifted", t=SPREAD, by=1.0),
    shifted("towards the data", "primes", "towards_data", by=0.25),
    shifted("towards the data, from the data to the noise", "primes", "towards_data", t=SPREAD, by=0.25),
    shifted("little_shifted", "primes", "little_shifted", t=EARLY, by=3.0),
    shifted("early, towards the data", "primes", "little_shifted", "towards_data", t=EARLY, by=0.25),
    shifted("mostly_shifted", "primes", "mostly_shifted", t=LATE, by=3.0),
    shifted("late, towards the data", "primes", "mostly_shifted", "towards_data", t=LATE, by=0.25),
    shifted("the ends stay", "primes", "ends", t=ENDS, by=3.0),
    shifted("the ends stay, towards the data", "primes", "ends", "towards_data", t=ENDS, by=0.25),
    shifted("far towards the noise", "primes", "far", t=SPREAD, by=16.0),
    shifted("far towards the data", "primes", "far", "towards_data", t=SPREAD, by=2.0**-4),
    shifted("one example", "single_example", size=1, by=3.0),
    shifted("numbers of 53 bits", "primes", "full", full=True),
    shifted("numbers of 53 bits, from the data to the noise", "primes", "full", t=SPREAD, full=True),
]

CASES = {"timestep_shift": LIST}
