"""Mean fields of small machines: of one pass and many, from any start, of weak and of strong weights."""

from typing import Any

from refdgm.evidence.ask import Ask, both, scaled, thirds
from refdgm.evidence.energy import layered
from refdgm.evidence.energy.layered import LARGE, SQUARE, THIN, mirrored
from refdgm.evidence.energy.machine import bits, everywhere

NOTES = layered.NOTES | {
    "one_pass": "one pass: nothing is handed back to an earlier one",
    "many_passes": "so many passes that the means hardly move any more",
    "open_start": "a start of ½, as where nothing is known",
    "sure_start": "a start of zeros and ones",
}


def asked(comment: str, *flags: str, iterations: int = 3, regime: str = "unit", sizes: Any = None,
          change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes or {"E": 7}, {"iterations": iterations}, change)


LIST = [
    asked("three passes"),
    asked("two passes", iterations=2),
    asked("one pass", "primes", "one_pass", iterations=1),
    asked("one pass of bits, larger layers", "primes", "one_pass", "bits", iterations=1, sizes=LARGE, change=bits("v")),
    asked("seventeen passes", "primes", "many_passes", iterations=17),
    asked("five passes, larger layers", iterations=5, sizes=LARGE),
    asked("bits", "primes", "bits", change=bits("v")),
    asked("a start of ½", "primes", "open_start", change=everywhere(0.5, "start")),
    asked("a start of ½, one pass", "primes", "open_start", "one_pass", iterations=1, change=everywhere(0.5, "start")),
    asked("a start of bits", "primes", "sure_start", change=bits("start")),
    asked("all layers of one size", "square", sizes=SQUARE),
    asked("W² = W¹ᵀ", "square", "layers_alike", sizes=SQUARE, change=mirrored),
    asked("one example", "single_example", sizes={"B": 1}),
    asked("layers of one unit", "thin", sizes=THIN),
    asked("no second layer", "primes", "without_top", change=scaled(0, "W2")),
    asked("no data", "primes", "without_bottom", change=scaled(0, "W1")),
    asked("no biases", "primes", "all_biases_zero", change=scaled(0, "c1", "c2")),
    asked("strong weights", "primes", "strong_weights", change=scaled(16, "W1", "W2", "c1", "c2")),
    asked("strong weights, bits", "primes", "strong_weights", "bits",
          change=both(bits("v"), scaled(16, "W1", "W2", "c1", "c2"))),
    asked("weights around 30", "primes", "offset", regime="offset"),
    asked("weights of the order of 1e-5", "primes", "tiny", regime="tiny"),
    asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    asked("weights of the order of 15", "primes", "extreme", regime="extreme"),
    asked("numbers of 53 bits", "primes", "full", change=thirds),
]
CASES = {"dbm_mean_field": LIST}
