"""What cases of machines with two hidden layers share: flags, the changes that make them, and means."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, both, scaled, thirds
from refdgm.evidence.energy import machine
from refdgm.evidence.energy.machine import bits

NOTES = {name: machine.NOTES[name] for name in ("bits", "strong_weights", "full")} | {
    "without_top": "W² = 0: the second layer does not hear of the data",
    "without_bottom": "W¹ = 0: the data are not heard of",
    "all_biases_zero": "every bias is zero",
    "thin": "layers of one unit: a sum over a layer is void",
    "layers_alike": "layers of one size, W² = W¹ᵀ: what takes one for the other is seen in other numbers alone",
}
SQUARE, LARGE, THIN = {"B": 3, "D": 3, "H": 3, "E": 3}, {"B": 7, "D": 5, "H": 3, "E": 2}, {"D": 2, "H": 1, "E": 1}


def means(model: Any) -> tuple[Any, Any, Any]:
    """⟨v⟩, ⟨h¹⟩, ⟨h²⟩ of a machine whose middle is counted."""
    return model.law @ model.visible[0], model.law @ model.states, model.law @ model.second[0]


def mirrored(arrays: Arrays) -> Arrays:
    return {"input.W2": arrays["input.W1"].T.copy()}


def layered(least: dict[str, int]) -> list[Ask]:
    """Cases of a whole machine; `least` are sizes that are different primes."""
    all_parameters = ("W1", "W2", "b", "c1", "c2")

    def asked(comment: str, *flags: str, regime: str = "unit", sizes: Any = None, change: Any = None) -> Ask:
        return Ask(comment, flags or ("primes",), regime, sizes or least, {}, change)

    return [
        asked("means between off and on"),
        asked("means between off and on, other signs"),
        asked("means between off and on, others again"),
        asked("larger layers below", sizes=LARGE),
        asked("all layers of one size", "square", sizes=SQUARE),
        asked("W² = W¹ᵀ", "square", "layers_alike", sizes=SQUARE, change=mirrored),
        asked("one example", "single_example", sizes={"B": 1}),
        asked("layers of one unit", "thin", sizes=THIN),
        asked("bits", "primes", "bits", change=bits("v")),
        asked("bits, larger layers below", "primes", "bits", sizes=LARGE, change=bits("v")),
        asked("no second layer", "primes", "without_top", change=scaled(0, "W2")),
        asked("no second layer, bits", "primes", "without_top", "bits", change=both(bits("v"), scaled(0, "W2"))),
        asked("no data", "primes", "without_bottom", change=scaled(0, "W1")),
        asked("no biases", "primes", "all_biases_zero", change=scaled(0, "b", "c1", "c2")),
        asked("strong weights", "primes", "strong_weights", change=scaled(16, *all_parameters)),
        asked("strong weights, bits", "primes", "strong_weights", "bits",
              change=both(bits("v"), scaled(16, *all_parameters))),
        asked("weights around 30", "primes", "offset", regime="offset"),
        asked("weights of the order of 1e-5", "primes", "tiny", regime="tiny"),
        asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
        asked("weights of the order of 15", "primes", "extreme", regime="extreme"),
        asked("numbers of 53 bits", "primes", "full", change=thirds),
    ]
