"""Implicit score matching of one hidden layer: every activation."""

from validation.case_list.ask import Ask, scaled
from validation.case_list.nets import with_kinds

NOTES = {
    "one_unit": "a single hidden unit: a sum over units is void",
    "straight": "arguments so small that the activation is nearly linear: its second derivative hardly counts",
    "steep": "weights sixteen times as large: the activation is saturated for most arguments",
}
SIZES = {"B": 5, "D": 3, "hidden": (7,)}

LIST = [
    *with_kinds("more units than components", ("primes",), sizes=SIZES),
    *with_kinds("fewer units than components", ("primes",), sizes={"B": 3, "D": 7, "hidden": (2,)}),
    *with_kinds("as many examples as components, and as wide", ("square",), sizes={"B": 3, "D": 3, "hidden": (3,)}),
    *with_kinds("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    *with_kinds("data of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_kinds("one unit", ("one_unit",), sizes=SIZES | {"hidden": (1,)}),
    Ask("data of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES, {"activation": "silu"}),
    Ask("data around 30", ("primes", "offset"), "offset", SIZES, {"activation": "silu"}),
    Ask("small weights and biases", ("primes", "straight"), sizes=SIZES, options={"activation": "tanh"},
        change=scaled(2.0**-8, "theta.W1", "theta.b1")),
    Ask("large weights", ("primes", "steep"), sizes=SIZES, options={"activation": "silu"},
        change=scaled(16.0, "theta.W1")),
    Ask("more examples than units", ("primes",), sizes={"B": 13, "D": 2, "hidden": (5,)},
        options={"activation": "tanh"}),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, options={"activation": "tanh"}),
    Ask("one component", ("single_axis",), sizes=SIZES | {"D": 1}, options={"activation": "softplus"}),
]
