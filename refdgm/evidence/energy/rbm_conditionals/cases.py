"""Conditionals of machines of every shape."""

from refdgm.evidence.ask import Ask, both, put, scaled
from refdgm.evidence.energy.restricted import NOTES, SMALL, machines

NOTES = NOTES | {
    "told_nothing": "what a unit is told is exactly zero: it is on with probability ½",
}
LIST = [
    *machines("v", "h"),
    Ask("even odds", ("primes", "told_nothing"), sizes=SMALL,
        change=both(scaled(0, "v", "h"), put(b=[0] * 3, c=[0] * 2))),
]
CASES = {"rbm_conditionals": LIST}
