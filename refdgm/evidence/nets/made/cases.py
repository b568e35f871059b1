"""Masked perceptrons: every activation, every depth from none to three hidden layers, and few components."""

from refdgm.evidence.activations import with_kinds
from refdgm.evidence.ask import Ask

NOTES = {
    "no_hidden_layer": "no activation at all: an affine map",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "deep": "three hidden layers: an error of one layer meets the others (some sizes repeat)",
    "kinks": "ReLU: some neurons are off for some examples; none is at its kink",
    "one_degree": "two components: all hidden units have the same degree",
    "few_units": "as many hidden units as there are degrees, or fewer: each is the only one of its own",
}
RELU = {"activation": "relu"}
SIZES = {"B": 5, "D": 3, "hidden": (7,)}
WIDE = {"B": 2, "D": 5, "hidden": (7, 11)}
SQUARE = {"B": 5, "D": 3, "hidden": (3, 3)}
CASES = {"made": [
    *with_kinds("one hidden layer", sizes=SIZES),
    *with_kinds("five components, two hidden layers", sizes=WIDE),
    *with_kinds("all layers of one width", ("square",), sizes=SQUARE),
    *with_kinds("inputs of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_kinds("inputs of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES),
    *with_kinds("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("three hidden layers", ("deep",), sizes=SIZES | {"hidden": (5, 7, 2)}, options={"activation": "tanh"}),
    Ask("no hidden layer", ("primes", "no_hidden_layer"), sizes=SIZES | {"hidden": ()}, options={"activation": "tanh"}),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, options={"activation": "softplus"}),
    Ask("one component: nothing is seen", ("single_axis",), sizes=SIZES | {"D": 1}, options={"activation": "silu"}),
    Ask("two components", ("primes", "one_degree"), sizes=SIZES | {"D": 2}, options={"activation": "tanh"}),
    Ask("four hidden units for five components", ("few_units",), sizes={"B": 3, "D": 5, "hidden": (4,)},
        options={"activation": "tanh"}),
    Ask("two hidden units for five components", ("primes", "few_units"), sizes={"B": 3, "D": 5, "hidden": (2,)},
        options={"activation": "softplus"}),
    Ask("one hidden layer, relu", ("primes", "kinks"), sizes=SIZES, options=RELU),
    Ask("five components, two hidden layers, relu", ("primes", "kinks"), sizes=WIDE, options=RELU),
    Ask("all layers of one width, relu", ("square", "kinks"), sizes=SQUARE, options=RELU),
    Ask("magnitudes from 1e-3 to 20, relu", ("primes", "mixed", "kinks"), "mixed", SIZES, RELU),
]}
