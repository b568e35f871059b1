"""Chains of machines of every shape: one sweep and many, from means and from states, by noise of any kind."""

from dataclasses import replace

from refdgm.evidence.ask import Ask, put, scaled
from refdgm.evidence.energy.restricted import NOTES, SMALL, machines

NOTES = NOTES | {
    "single_step": "a chain of one step: no error can hide in the chaining",
    "always": "u of 0 and 1: units are on, and units are off, whatever their chance",
    "many_sweeps": "a chain that has long forgotten its start",
}


def long(ask: Ask) -> Ask:
    """With as many sweeps as makes another prime."""
    return replace(ask, sizes={**ask.sizes, "T": 2 if 7 in ask.sizes.values() else 7})


EVEN = {"no_weights", "no_biases"}  # chances of exactly ½, and a number that is drawn as ½: a tie is undecided
LIST = [
    *(long(one) for one in machines("v") if not EVEN.issubset(one.flags)),
    Ask("one sweep", ("single_step",), sizes=SMALL | {"T": 1}),
    Ask("many sweeps", ("primes", "many_sweeps"), sizes={"B": 2, "D": 3, "H": 5, "T": 23}),
    Ask("as many sweeps as units", ("square",), sizes={"B": 5, "D": 3, "H": 3, "T": 3}),
    Ask("hidden units that are always on", ("primes", "always"), sizes=SMALL | {"T": 7},
        change=scaled(0, "u_hidden")),
    Ask("hidden units that are never on", ("primes", "always"), sizes=SMALL | {"T": 7},
        change=put(u_hidden=[[[1.0] * 2] * 7] * 5)),
]
CASES = {"rbm_gibbs_chain": LIST}
