"""Sweeps over small machines: one and many, from means and from bits, at temperatures from 1/16 to 32."""

from refdgm.evidence.ask import Ask, put, scaled
from refdgm.evidence.energy import machine
from refdgm.evidence.energy.machine import FIVE, bits, machines

NOTES = machine.NOTES | {
    "single_step": "a chain of one step: no error can hide in the chaining",
    "always": "u of 0 and 1: units are on, and units are off, whatever their chance",
}
LIST = [
    *machines(FIVE, T=2),
    Ask("one sweep", ("single_step",), sizes={"T": 1}),
    Ask("one sweep from bits", ("single_step", "bits"), sizes={"T": 1, "D": 5}, change=bits("y")),
    Ask("seventeen sweeps", sizes={"B": 2, "T": 17}),
    Ask("as many sweeps as units as states", ("square",), sizes={"B": 4, "T": 4, "D": 4}),
    Ask("seven units", sizes={"B": 3, "T": 5, "D": 7}),
    Ask("certain units", ("primes", "strong_weights"), sizes=FIVE | {"T": 2}, change=scaled(16, "W", "b")),
    Ask("u = 0", ("primes", "always"), sizes={"T": 2}, change=scaled(0, "u")),
    Ask("u = 1", ("primes", "always"), sizes={"T": 3, "D": 2}, change=put(u=[[[1.0] * 2] * 3] * 5)),
]
CASES = {"boltzmann_gibbs_chain": LIST}
