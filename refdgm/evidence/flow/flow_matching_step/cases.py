"""Steps of every length, forwards and back."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled
from refdgm.evidence.flow.paths import IMAGE, MATRIX, SPREAD, VECTOR
from refdgm.evidence.flow.paths import NOTES as OF_PATHS

NOTES = {
    **OF_PATHS,
    "forwards": "t′ > t: from the noise to the data, as one samples",
    "encoding": "t′ < t: from the data to the noise, as one encodes",
    "both_ways": "some examples forwards, some back",
    "small_time_step": "steps of 2⁻¹⁰ and less: the state hardly moves, and v_bar is small",
    "one_leap": "from 0 to 1 in one step, as a rectified flow allows",
    "waiting": "t′ = t for some examples: they stay, and only the times have a gradient",
}
LATER = [0.25, 0.4375, 0.8125, 0.984375, 1.0]
SHORT = [0.25 + 2.0**-k for k in range(10, 15)]


def thirds(arrays: Arrays) -> Arrays:
    """A third of every number: times stay from 0 to 1."""
    return {name: x / 3 for name, x in arrays.items()}


def times(t: Any, t_next: Any) -> Any:
    return put(t=t, t_next=t_next)


def step(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, {}, change)


QUARTER = [0.25] * 5
LIST = [
    step("drawn numbers"),
    step("matrices", sizes=MATRIX),
    step("images", "image", sizes=IMAGE),
    step("forwards", "primes", "forwards", change=times(SPREAD, LATER)),
    step("images, forwards", "image", "forwards", sizes=IMAGE, change=times(SPREAD, LATER)),
    step("encoding", "primes", "encoding", change=times(LATER, SPREAD)),
    step("images, backwards", "image", "encoding", sizes=IMAGE, change=times(LATER, SPREAD)),
    step("both ways", "primes", "both_ways",
         change=times([0.125, 0.75, 0.5, 0.25, 0.9375], [0.5, 0.25, 0.625, 0.0, 1.0])),
    step("short steps", "primes", "forwards", "small_time_step", change=times(QUARTER, SHORT)),
    step("short steps back", "primes", "encoding", "small_time_step", change=times(SHORT, QUARTER)),
    step("short steps of short states", "primes", "forwards", "small_time_step",
         change=both(times(QUARTER, SHORT), scaled(2.0**-10, "xt"))),
    step("the whole way", "primes", "forwards", "one_leap", change=times([0.0] * 5, [1.0] * 5)),
    step("the whole way back", "primes", "encoding", "one_leap", change=times([1.0] * 5, [0.0] * 5)),
    step("some stay", "primes", "waiting", change=times(SPREAD, [0.0009765625, 0.5, 0.4375, 0.0, 1.0])),
    step("one step for all", "primes", "forwards", change=times([0.5] * 5, [0.5625] * 5)),
    step("from the data's end", "primes", "encoding", change=times([1.0] * 5, LATER)),
    step("as many components as examples", "square", sizes={"B": 3, "...": (3,)}),
    step("square images, as many as pixels in a row", "square", "image", sizes={"B": 3, "...": (3, 3)}),
    step("one number an example", "no_axes", sizes={"B": 5, "...": ()}),
    step("one example", "single_example", sizes={"B": 1, "...": (3,)}),
    step("one component", "single_axis", sizes={"B": 5, "...": (1,)}),
    step("numbers around 30", "primes", "offset", regime="offset"),
    step("numbers of the order of 1e-5", "primes", "tiny", regime="tiny"),
    step("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    step("numbers of 53 bits", "primes", "full", change=thirds),
]

CASES = {"flow_matching_step": LIST}
