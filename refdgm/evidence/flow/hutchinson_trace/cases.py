"""The trace of a Jacobian for every score field; by Hutchinson one to eleven probes, of signs and of others."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask
from refdgm.evidence.rare import changed, lengthened

NOTES = {
    "linear_score": "the trace is a constant of the data: its gradient is in θ alone",
    "curved": "the gradient of the trace needs the second derivative of the activation",
    "one_probe": "a single probe: a mean over probes is void",
    "normal_probe": "probes that are no signs: v_i² is not 1",
    "every_sign": "every vector of signs: the estimate is the trace itself",
}
FIELDS = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "R": 2, "D": 3, "hidden": (7,)}
SQUARE = {"B": 3, "R": 3, "D": 3, "hidden": (3,)}


def with_fields(comment: str, flags: tuple[str, ...], *rest: Any, **more: Any) -> list[Ask]:
    """The same case for every score field."""
    return [
        Ask(f"{comment}, {name}", (*flags, "linear_score" if name == "linear" else "curved"), *rest,  # type: ignore[misc]
            options={"score": name}, **more)
        for name in FIELDS
    ]


def uneven(arrays: Arrays) -> Arrays:
    """Probes of several sizes, short numbers."""
    shape = arrays["input.probe"].shape
    sizes = np.resize([0.75, -1.25, 0.5, 1.5, -0.25, 2.0, -1.0], int(np.prod(shape)))
    return {"input.probe": sizes.reshape(shape)}


def every_sign(arrays: Arrays) -> Arrays:
    signs = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    return {"input.probe": np.repeat(signs[None], arrays["input.probe"].shape[0], axis=0)}


EXACT_SIZES = {"B": 5, "D": 3, "hidden": (7,)}
EXACT = [
    *with_fields("one hidden layer", ("primes",), sizes=EXACT_SIZES),
    *with_fields("as many examples as components, and as wide", ("square",), sizes={"B": 3, "D": 3, "hidden": (3,)}),
    *with_fields("more components than examples", ("primes",), sizes={"B": 2, "D": 5, "hidden": (3,)}),
    *with_fields("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", EXACT_SIZES),
    Ask("data of the order of 15", ("primes", "extreme", "curved"), "extreme", EXACT_SIZES, {"score": "mlp_tanh"}),
    Ask("data of the order of 1e-5", ("primes", "tiny", "curved"), "tiny", EXACT_SIZES, {"score": "mlp_softplus"}),
    Ask("data around 30", ("primes", "offset", "curved"), "offset", EXACT_SIZES, {"score": "mlp_silu"}),
    Ask("two hidden layers", ("primes", "curved"), sizes={"B": 3, "D": 2, "hidden": (5, 7)},
        options={"score": "mlp_tanh"}),
    Ask("one example", ("single_example", "curved"), sizes=EXACT_SIZES | {"B": 1}, options={"score": "mlp_tanh"}),
    Ask("one component", ("single_axis", "curved"), sizes=EXACT_SIZES | {"D": 1}, options={"score": "mlp_softplus"}),
]
LIST = [
    *with_fields("two probes of signs", ("primes",), sizes=SIZES),
    *with_fields("as many examples as components and probes, and as wide", ("square",), sizes=SQUARE),
    *with_fields("probes of several sizes", ("primes", "normal_probe"), sizes=SIZES, change=uneven),
    *with_fields("one probe", ("one_probe",), sizes=SIZES | {"R": 1}),
    *with_fields("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("every vector of signs", ("every_sign", "curved"), sizes={"B": 3, "R": 4, "D": 2, "hidden": (5,)},
        options={"score": "mlp_silu"}, change=every_sign),
    Ask("data of the order of 15", ("primes", "extreme", "curved"), "extreme", SIZES, {"score": "mlp_tanh"}),
    Ask("data of the order of 1e-5", ("primes", "tiny", "curved"), "tiny", SIZES, {"score": "mlp_softplus"}),
    Ask("data around 30", ("primes", "offset", "curved"), "offset", SIZES, {"score": "mlp_silu"}),
    Ask("two hidden layers", ("primes", "curved"), sizes={"B": 3, "R": 11, "D": 2, "hidden": (5, 7)},
        options={"score": "mlp_tanh"}),
    Ask("one example", ("single_example", "curved"), sizes=SIZES | {"B": 1}, options={"score": "mlp_tanh"}),
    Ask("one component", ("single_axis", "curved"), sizes=SIZES | {"D": 1}, options={"score": "mlp_softplus"}),
]

CASES = {"jacobian_trace": EXACT, "hutchinson_trace": LIST}
RARE = {"hutchinson_trace": (lambda case: changed(case, probe=lengthened),)}
