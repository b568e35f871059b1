"""Units given the others: small machines of every kind, at temperatures from 1/16 to 32, and units that are certain."""

from refdgm.evidence.ask import Ask, both, scaled
from refdgm.evidence.energy.machine import FIVE, NOTES, bits, machines

LIST = [
    *machines(FIVE),
    Ask("seven units, two states", sizes={"B": 2, "D": 7}),
    Ask("certain units", ("primes", "strong_weights"), sizes=FIVE, change=scaled(16, "W", "b")),
    Ask("certain units among bits", ("primes", "strong_weights", "bits"), sizes=FIVE,
        change=both(bits("y"), scaled(16, "W", "b"))),
]
CASES = {"boltzmann_conditional": LIST}
__all__ = ["CASES", "NOTES"]
