"""Pseudo-likelihoods of machines of every shape: states that are likely, unlikely and even."""

from refdgm.evidence.ask import Ask, both, put
from refdgm.evidence.energy.restricted import NOTES, SMALL, binary, machines

NOTES = NOTES | {
    "foreseen": "states that the biases make nearly certain: log-probabilities near zero",
    "unforeseen": "states that the biases make nearly impossible",
}
ON = put(v=[[1, 0, 1]] * 5)
EVEN = {"no_weights", "no_biases"}  # odds of exactly 1 are a difference that no enclosure decides the sign of
LIST = [
    *(one for one in machines("v", strong=16) if not EVEN.issubset(one.flags)),
    Ask("likely states", ("primes", "visible_states", "foreseen"), sizes=SMALL, change=both(ON, put(b=[9, -8, 10]))),
    Ask("unlikely states", ("primes", "visible_states", "unforeseen"), sizes=SMALL,
        change=both(binary("v"), both(ON, put(b=[-9, 8, -10])))),
]
CASES = {"rbm_pseudo_log_likelihood": LIST}
