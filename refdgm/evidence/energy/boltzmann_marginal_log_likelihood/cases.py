"""Likelihoods of what is seen of small machines, with and without weights in a layer, at T from 1/16 to 32."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled, thirds
from refdgm.evidence.energy import machine
from refdgm.evidence.energy.machine import bits, everywhere

NOTES = {name: machine.NOTES[name] for name in
         ("bits", "all_off", "no_weights", "unit_temperature", "warm", "frozen", "full")} | {
    "restricted": "U = 0 and V = 0: no weights inside a layer, as in a restricted machine",
    "not_joined": "W = 0: what is seen says nothing of what is hidden",
    "one_hidden": "a single hidden unit",
    "every_bias_zero": "no unit has a bias",
}
LARGE = {"B": 7, "D": 3, "H": 5}


def asked(comment: str, *flags: str, regime: str = "unit", sizes: Any = None, change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes or {}, {}, change)


LIST = [
    asked("means between off and on"),
    asked("means between off and on, other signs"),
    asked("more hidden units than visible ones", sizes=LARGE),
    asked("as many of all", "square", sizes={"B": 3, "D": 3, "H": 3}),
    asked("one state", "single_example", sizes={"B": 1}),
    asked("one unit of each kind", "one_hidden", sizes={"D": 1, "H": 1}),
    asked("one hidden unit", "one_hidden", sizes={"B": 7, "D": 3, "H": 1}),
    asked("bits", "primes", "bits", change=bits("v")),
    asked("bits, more hidden units", "primes", "bits", sizes=LARGE, change=bits("v")),
    asked("all off", "primes", "all_off", change=everywhere(0, "v")),
    asked("no weights inside a layer", "primes", "restricted", change=scaled(0, "U", "V")),
    asked("no weights inside a layer, bits, T = 1", "primes", "restricted", "bits", "unit_temperature", sizes=LARGE,
          change=both(bits("v"), both(scaled(0, "U", "V"), put(temperature=1.0)))),
    asked("layers that are not joined", "primes", "not_joined", change=scaled(0, "W")),
    asked("no weights", "primes", "no_weights", change=scaled(0, "U", "W", "V")),
    asked("no biases", "primes", "every_bias_zero", change=scaled(0, "b", "c")),
    asked("T = 1", "primes", "unit_temperature", change=put(temperature=1.0)),
    asked("T = 32", "primes", "warm", change=put(temperature=32.0)),
    asked("T = 1/16", "primes", "frozen", change=put(temperature=0.0625)),
    asked("weights around 30", "primes", "offset", regime="offset"),
    asked("weights of the order of 1e-5", "primes", "tiny", regime="tiny"),
    asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    asked("weights of the order of 15", "primes", "extreme", regime="extreme"),
    asked("numbers of 53 bits", "primes", "full", change=thirds),
]
CASES = {"boltzmann_marginal_log_likelihood": LIST}
