"""Likelihoods of small machines of every kind, at temperatures from 1/16 to 32."""

from refdgm.evidence.ask import Ask, both, put, scaled
from refdgm.evidence.energy import machine
from refdgm.evidence.energy.machine import FIVE, bits, machines

NOTES = {name: why for name, why in machine.NOTES.items() if name != "strong_weights"} | {
    "uniform_law": "W = 0 and b = 0: every state is as likely as every other, whatever T is",
}
LIST = [
    *machines(FIVE),
    Ask("a uniform law", ("primes", "uniform_law"), change=scaled(0, "W", "b")),
    Ask("a uniform law of bits", ("primes", "uniform_law", "bits"), change=both(bits("y"), scaled(0, "W", "b"))),
    Ask("T = 1/16, bits", ("primes", "frozen", "bits"), change=both(bits("y"), put(temperature=0.0625))),
]
CASES = {"boltzmann_log_likelihood": LIST}
