"""Bounds of small deep networks: at any weights, with recognition tied to generation, and where layers do not meet."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, put, scaled, thirds
from refdgm.evidence.energy import layered as shared
from refdgm.evidence.energy.layered import LARGE, SQUARE, THIN
from refdgm.evidence.energy.machine import bits

NOTES = {name: shared.NOTES[name] for name in ("bits", "strong_weights", "full", "all_biases_zero", "thin")} | {
    "tied_nets": "R = Gᵀ, as where a layer begins: what takes one for the other shows in other numbers",
    "no_recognition": "R = 0: the data do not choose the hidden units",
    "no_generation": "G = 0: the hidden units do not tell of the data",
    "flat_top": "W = 0: the machine on top is a bias of each unit",
    "sure_recognition": "recognition of which nearly every unit is certain: its slopes are what rounding of 1 loses",
    "small_weights": "weights of about 1e-3: every state is worth nearly the same",
}
PARAMETERS = ("R", "r", "G", "g", "W", "b", "c")
PRIMES = {"E": 7}
EVERY = put(v=[[s >> i & 1 for i in range(3)] for s in range(8)])


def tied(arrays: Arrays) -> Arrays:
    return {"input.R": arrays["input.G"].T.copy()}


def asked(comment: str, *flags: str, regime: str = "unit", sizes: Any = None, change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes or PRIMES, {}, change)


LIST = [
    asked("means between off and on"),
    asked("means between off and on, other signs"),
    asked("means between off and on, others again"),
    asked("larger layers below", sizes=LARGE),
    asked("all layers of one size", "square", sizes=SQUARE),
    asked("R = Gᵀ, all layers of one size", "square", "tied_nets", sizes=SQUARE, change=tied),
    asked("one example", "single_example", sizes={"B": 1}),
    asked("layers of one unit", "thin", sizes=THIN),
    asked("bits", "primes", "bits", change=bits("v")),
    asked("bits, larger layers below", "primes", "bits", sizes=LARGE, change=bits("v")),
    asked("all states", "bits", sizes={"B": 8, "D": 3, "H": 2, "E": 5}, change=EVERY),
    asked("R = Gᵀ", "primes", "tied_nets", change=tied),
    asked("no recognition", "primes", "no_recognition", change=scaled(0, "R")),
    asked("no generation", "primes", "no_generation", change=scaled(0, "G")),
    asked("nothing on top", "primes", "flat_top", change=scaled(0, "W")),
    asked("no biases", "primes", "all_biases_zero", change=scaled(0, "r", "g", "b", "c")),
    asked("sure recognition", "primes", "sure_recognition", change=scaled(16, "R", "r")),
    asked("sure recognition, bits", "primes", "sure_recognition", "bits", change=both(bits("v"), scaled(16, "R", "r"))),
    asked("strong weights", "primes", "strong_weights", change=scaled(8, *PARAMETERS)),
    asked("small weights", "primes", "small_weights", change=scaled(2.0**-10, "R", "G", "W")),
    asked("weights around 30", "primes", "offset", regime="offset"),
    asked("weights of the order of 1e-5", "primes", "tiny", regime="tiny"),
    asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    asked("weights of the order of 15", "primes", "extreme", regime="extreme"),
    asked("numbers of 53 bits", "primes", "full", change=thirds),
]
CASES = {"dbn_bound": LIST}
