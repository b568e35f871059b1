"""Cases of implicit score matching."""

from typing import Any

from refdgm.evidence.activations import with_kinds
from refdgm.evidence.ask import Ask, scaled

NOTES = {
    "linear_score": "the trace is a constant of the data: its gradient is in θ alone",
    "curved": "the gradient of the trace needs the second derivative of the activation",
    "one_unit": "a single hidden unit: a sum over units is void",
    "straight": "arguments so small that the activation is nearly linear: its second derivative hardly counts",
    "steep": "weights sixteen times as large: the activation is saturated for most arguments",
}
FIELDS = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "D": 3, "hidden": (7,)}


def with_fields(comment: str, flags: tuple[str, ...], *rest: Any, **more: Any) -> list[Ask]:
    """The same case for every score field."""
    return [
        Ask(f"{comment}, {name}", (*flags, "linear_score" if name == "linear" else "curved"), *rest,  # type: ignore[misc]
            options={"score": name}, **more)
        for name in FIELDS
    ]


LIST = [
    *with_fields("one hidden layer", ("primes",), sizes=SIZES),
    *with_fields("as many examples as components, and as wide", ("square",), sizes={"B": 3, "D": 3, "hidden": (3,)}),
    *with_fields("data of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_fields("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("two hidden layers", ("primes", "curved"), sizes={"B": 3, "D": 2, "hidden": (5, 7)},
        options={"score": "mlp_tanh"}),
    Ask("two hidden layers of one width", ("square", "curved"), sizes={"B": 5, "D": 2, "hidden": (5, 5)},
        options={"score": "mlp_silu"}),
    Ask("data of the order of 1e-5", ("primes", "tiny", "curved"), "tiny", SIZES, {"score": "mlp_softplus"}),
    Ask("data around 30", ("primes", "offset", "curved"), "offset", SIZES, {"score": "mlp_silu"}),
    Ask("one example", ("single_example", "curved"), sizes=SIZES | {"B": 1}, options={"score": "mlp_tanh"}),
    Ask("one component", ("single_axis", "curved"), sizes=SIZES | {"D": 1}, options={"score": "mlp_softplus"}),
]
SHALLOW = [
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

CASES = {"implicit_score_matching": LIST, "implicit_score_matching_shallow": SHALLOW}
