"""Energies and their scores: every activation, every depth from none to three hidden layers."""

from refdgm.evidence.activations import with_kinds
from refdgm.evidence.ask import Ask

NOTES = {
    "no_hidden_layer": "no activation at all: an affine map",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "deep": "three hidden layers: an error of one layer meets the others (some sizes repeat)",
}
SIZES = {"B": 5, "D": 3, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3, 3)}

CASES = {"energy_score": [
    *with_kinds("one hidden layer", sizes=SIZES),
    *with_kinds("two hidden layers", sizes=SIZES | {"hidden": (7, 11)}),
    *with_kinds("all layers of one width", ("square",), sizes=SQUARE),
    *with_kinds("points of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_kinds("points of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    *with_kinds("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("points around 30", ("primes", "offset"), "offset", SIZES, {"activation": "silu"}),
    Ask("three hidden layers", ("deep",), sizes=SIZES | {"hidden": (5, 7, 2)}, options={"activation": "tanh"}),
    Ask("three hidden layers, silu", ("deep",), sizes=SIZES | {"hidden": (5, 7, 2)}, options={"activation": "silu"}),
    Ask("two hidden layers of one width", ("two_layers",), sizes=SIZES | {"hidden": (5, 5)},
        options={"activation": "softplus"}),
    Ask("no hidden layer", ("primes", "no_hidden_layer"), sizes=SIZES | {"hidden": ()}, options={"activation": "tanh"}),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, options={"activation": "softplus"}),
    Ask("one component", ("single_axis",), sizes=SIZES | {"D": 1}, options={"activation": "silu"}),
]}
