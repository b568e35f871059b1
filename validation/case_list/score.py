"""Implicit score matching: every score field, from a linear one to two hidden layers."""

from validation.case_list.ask import Ask

NOTES = {
    "linear_score": "the trace is a constant of the data: its gradient is in θ alone",
    "curved": "the gradient of the trace needs the second derivative of the activation",
}
FIELDS = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "D": 3, "hidden": (7,)}


def with_fields(comment: str, flags: tuple[str, ...], *rest: object, **more: object) -> list[Ask]:
    """The same case for every score field."""
    return [
        Ask(f"{comment}, {name}", (*flags, "linear_score" if name == "linear" else "curved"), *rest,  # type: ignore
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
