"""Sliced score matching: every score field, normal directions and signs."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask

NOTES = {
    "one_direction": "one direction: a sum over directions is void",
    "linear_score": "the trace is a constant of the data: its gradient is in θ alone",
    "curved": "the gradient of the trace needs the second derivative of the activation",
    "signs": "directions of ±1, whose squares are all one",
    "all_signs": "every direction of ±1: the answers are those of implicit score matching",
    "scaled_axes": "the directions are the coordinate axes, √D times: the answers are those of implicit score matching",
}
FIELDS = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "D": 3, "R": 2, "hidden": (7,)}


def signs(arrays: Arrays) -> Arrays:
    return {"input.probe": np.where(arrays["input.probe"] < 0, -1.0, 1.0)}


def every_sign(arrays: Arrays) -> Arrays:
    b, r, d = arrays["input.probe"].shape
    bits = np.arange(r)[:, None] >> np.arange(d) & 1
    return {"input.probe": np.broadcast_to(1.0 - 2 * bits, (b, r, d)).copy()}


def axes(arrays: Arrays) -> Arrays:
    b, r, d = arrays["input.probe"].shape
    return {"input.probe": np.broadcast_to(2.0 * np.eye(r, d), (b, r, d)).copy()}  # √D = 2


def with_fields(comment: str, flags: tuple[str, ...], *rest: Any, **more: Any) -> list[Ask]:
    """The same case for every score field."""
    return [
        Ask(f"{comment}, {name}", (*flags, "linear_score" if name == "linear" else "curved"), *rest,  # type: ignore[misc]
            options={"score": name}, **more)
        for name in FIELDS
    ]


LIST = [
    *with_fields("normal directions", ("primes",), sizes=SIZES),
    *with_fields("signs", ("primes", "signs"), sizes=SIZES | {"R": 2}, change=signs),
    *with_fields("as many examples as components and directions, and as wide", ("square",),
                 sizes={"B": 3, "D": 3, "R": 3, "hidden": (3,)}),
    *with_fields("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("all four signs in two dimensions", ("all_signs", "curved"), sizes=SIZES | {"D": 2, "R": 4},
        options={"score": "mlp_tanh"}, change=every_sign),
    Ask("all four signs in two dimensions, linear", ("all_signs", "linear_score"),
        sizes=SIZES | {"D": 2, "R": 4}, options={"score": "linear"}, change=every_sign),
    Ask("coordinate axes in four dimensions", ("scaled_axes", "square", "curved"), sizes=SIZES | {"D": 4, "R": 4},
        options={"score": "mlp_silu"}, change=axes),
    Ask("data of the order of 15", ("primes", "extreme", "curved"), "extreme", SIZES, {"score": "mlp_tanh"}),
    Ask("data of the order of 15, silu", ("primes", "extreme", "curved"), "extreme", SIZES, {"score": "mlp_silu"}),
    Ask("more directions than components", ("primes", "curved"), sizes={"B": 2, "D": 3, "R": 7, "hidden": (5,)},
        options={"score": "mlp_softplus"}),
    Ask("one direction", ("one_direction", "curved"), sizes=SIZES | {"R": 1}, options={"score": "mlp_silu"}),
    Ask("one direction, two hidden layers", ("one_direction", "curved"),
        sizes={"B": 3, "D": 2, "R": 1, "hidden": (5, 7)}, options={"score": "mlp_tanh"}),
    Ask("two hidden layers", ("primes", "curved"), sizes={"B": 3, "D": 2, "R": 5, "hidden": (7, 11)},
        options={"score": "mlp_tanh"}),
    Ask("data of the order of 1e-5", ("primes", "tiny", "curved"), "tiny", SIZES, {"score": "mlp_softplus"}),
    Ask("data around 30", ("primes", "offset", "curved"), "offset", SIZES, {"score": "mlp_silu"}),
    Ask("one example", ("single_example", "curved"), sizes=SIZES | {"B": 1}, options={"score": "mlp_tanh"}),
    Ask("one component", ("single_axis", "curved"), sizes=SIZES | {"D": 1}, options={"score": "mlp_softplus"}),
]

CASES = {"sliced_score_matching": LIST, "sliced_score_matching_vr": LIST}
