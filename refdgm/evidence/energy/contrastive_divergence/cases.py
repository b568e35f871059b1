"""Data and samples, more of one than of the other: far apart, alike, and at the model's own moments."""

from dataclasses import replace

from refdgm.evidence.ask import Arrays, Ask, both, close_to, put, scaled
from refdgm.evidence.energy.restricted import NOTES, binary, machines

NOTES = NOTES | {
    "alike": "data and samples of nearly the same energy, as where training ends",
    "more_samples": "more samples than data: a mean over both together weighs them by their numbers",
    "more_data": "more data than samples",
    "one_alone": "a single sample, or a single example of data",
    "other_means": "data that are mostly on, samples that are mostly off",
}


def as_the_data(arrays: Arrays) -> Arrays:
    """Every example of the data once more, and twice: as many means, none of them other."""
    v = arrays["input.v"]
    return {"input.v_model": v[[0, 0, 1, 1, 2, 2]]}


def paired(ask: Ask) -> Ask:
    """With so many samples that it is another prime."""
    return replace(ask, sizes={**ask.sizes, "M": min({2, 3, 5, 7, 11} - {*ask.sizes.values()})})


LIST = [
    *map(paired, machines("v", "v_model")),
    Ask("more samples", ("primes", "more_samples"), sizes={"B": 2, "M": 11, "D": 3, "H": 5}),
    Ask("more samples, states", ("primes", "more_samples", "visible_states"), sizes={"B": 2, "M": 11, "D": 3, "H": 5},
        change=binary("v", "v_model")),
    Ask("more data", ("primes", "more_data"), sizes={"B": 13, "M": 2, "D": 3, "H": 5}),
    Ask("as many samples as data", ("square",), sizes={"B": 5, "M": 5, "D": 3, "H": 2}),
    Ask("as many samples as data, alike", ("square", "alike", "near"), "near", {"B": 5, "M": 5, "D": 3, "H": 2},
        change=close_to("v_model", "v", 2.0**-12)),
    Ask("every example of the data twice", ("alike",), sizes={"B": 3, "M": 6, "D": 5, "H": 2}, change=as_the_data),
    Ask("one sample", ("one_alone", "more_data"), sizes={"B": 7, "M": 1, "D": 3, "H": 2}),
    Ask("one example, many samples", ("one_alone", "more_samples"), sizes={"B": 1, "M": 7, "D": 3, "H": 2}),
    Ask("data on, samples off", ("primes", "other_means", "visible_states"), sizes={"B": 3, "M": 2, "D": 5, "H": 7},
        change=put(v=[[1, 1, 0, 1, 1]] * 3, v_model=[[0, 1, 0, 0, 0]] * 2)),
    Ask("data on, samples off, large weights", ("primes", "other_means", "saturated_units"),
        sizes={"B": 3, "M": 2, "D": 5, "H": 7},
        change=both(put(v=[[1, 1, 0, 1, 1]] * 3, v_model=[[0, 1, 0, 0, 0]] * 2), scaled(32, "W"))),
]
CASES = {"contrastive_divergence": LIST}
