"""What cases of machines with two hidden layers share: their flags and the changes that make them."""

from refdgm.evidence.ask import Arrays
from refdgm.evidence.energy import machine

NOTES = {name: machine.NOTES[name] for name in ("bits", "strong_weights", "full")} | {
    "without_top": "W² = 0: the second layer does not hear of the data",
    "without_bottom": "W¹ = 0: the data are not heard of",
    "all_biases_zero": "every bias is zero",
    "thin": "layers of one unit: a sum over a layer is void",
    "layers_alike": "layers of one size, W² = W¹ᵀ: what takes one for the other is seen in other numbers alone",
}
SQUARE, LARGE, THIN = {"B": 3, "D": 3, "H": 3, "E": 3}, {"B": 7, "D": 5, "H": 3, "E": 2}, {"D": 2, "H": 1, "E": 1}


def mirrored(arrays: Arrays) -> Arrays:
    return {"input.W2": arrays["input.W1"].T.copy()}
