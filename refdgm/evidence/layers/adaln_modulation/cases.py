"""Vectors to be normalised and modulated: by much, by nothing, switched off, and all that a norm finds hard."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled, thirds

NOTES = {
    "small_eps": "ϵ = 10⁻⁵ and less, as networks have it: where it stands hardly shows in the value",
    "large_eps": "ϵ as large as the mean square: where it stands shows in every number",
    "below_eps": "components below √ϵ: ϵ is nearly all of the root, and n is small",
    "along_vector": "a cotangent along the vector: of it only ϵ/r² is left",
    "constant": "equal components: no deviation, c = 0, and r = √ϵ",
    "neutral": "scale and shift of zero, as a network begins: what forgets them hides, what multiplies by them is zero",
    "switched_off": "a scale of −1, or nearly: y is the shift, and nothing reaches x",
    "same_condition": "the same scale and shift for all examples: whose they are hides",
    "lone_position": "a single position in every example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 3, "N": 7, "D": 5}
SQUARE = {"B": 3, "N": 3, "D": 3}
SMALL = put(eps=1e-6)


def along(arrays: Arrays) -> Arrays:
    """h along x, but for a sixty-fourth of what was drawn, with a scale of zero."""
    x, bar = arrays["input.x"], arrays["cotangent.value"]
    return {"cotangent.value": (x + bar / 64).astype(np.float32).astype(np.float64),
            "input.scale": np.zeros_like(arrays["input.scale"])}


def first_position(value: float) -> Any:
    """Every vector at the first position has all components equal to this."""

    def change(arrays: Arrays) -> Arrays:
        x = arrays["input.x"].copy()
        x[:, 0, :] = value
        return {"input.x": x}

    return change


def modulation(scale: float, shift: float, short: float = 0.0) -> Any:
    """A scale and a shift for all, and of what was drawn so much on top."""
    return lambda arrays: {
        "input.scale": scale + short * arrays["input.scale"], "input.shift": shift + short * arrays["input.shift"]}


def one_for_all(arrays: Arrays) -> Arrays:
    return {f"input.{name}": np.repeat(arrays[f"input.{name}"][:1], len(arrays["input.x"]), axis=0)
            for name in ("scale", "shift")}


CASES = {
    "adaln_modulation": [
        Ask("drawn ϵ", ("primes", "large_eps"), sizes=SIZES),
        Ask("drawn ϵ, fewer positions than components", ("primes", "large_eps"), sizes={"B": 5, "N": 2, "D": 11}),
        Ask("ϵ = 10⁻⁶", ("primes", "small_eps"), sizes=SIZES, change=SMALL),
        Ask("ϵ = 10⁻⁵", ("primes", "small_eps"), sizes={"B": 2, "N": 3, "D": 13}, change=put(eps=1e-5)),
        Ask("ϵ = 10⁻¹²", ("primes", "small_eps"), sizes=SIZES, change=put(eps=1e-12)),
        Ask("ϵ = 3", ("primes", "large_eps"), sizes=SIZES, change=put(eps=3.0)),
        Ask("ϵ = 1000", ("primes", "large_eps", "below_eps"), sizes=SIZES, change=put(eps=1000.0)),
        Ask("all sizes equal", ("square",), sizes=SQUARE),
        Ask("all sizes equal, ϵ = 10⁻⁶", ("square", "small_eps"), sizes=SQUARE, change=SMALL),
        Ask("as many examples as positions", ("square",), sizes={"B": 5, "N": 5, "D": 3}),
        Ask("one example", ("single_example",), sizes={"B": 1, "N": 3, "D": 5}),
        Ask("one position", ("lone_position",), sizes={"B": 5, "N": 1, "D": 3}),
        Ask("two components", ("primes", "along_vector", "small_eps"), sizes={"B": 3, "N": 5, "D": 2},
            change=put(eps=1e-3)),
        Ask("one component", ("single_axis", "constant"), sizes={"B": 3, "N": 5, "D": 1}),
        Ask("scale and shift of zero", ("primes", "neutral", "small_eps"), sizes=SIZES,
            change=both(modulation(0.0, 0.0), SMALL)),
        Ask("scale and shift of the order of 1e-3", ("primes", "neutral"), sizes=SIZES,
            change=modulation(0.0, 0.0, 2.0**-10)),
        Ask("a scale of −1 and nearly", ("primes", "switched_off"), sizes=SIZES,
            change=modulation(-1.0, 0.5, 2.0**-10)),
        Ask("scales and shifts of the order of 100", ("primes", "extreme"), sizes=SIZES,
            change=both(scaled(128.0, "scale", "shift"), SMALL)),
        Ask("one condition for all examples", ("primes", "same_condition"), sizes=SIZES, change=one_for_all),
        Ask("numbers of the order of 1e-5", ("primes", "tiny", "below_eps"), "tiny", SIZES, change=SMALL),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
        Ask("magnitudes from 1e-3 to 20, ϵ = 10⁻⁶", ("primes", "mixed", "small_eps"), "mixed", SIZES, change=SMALL),
        Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES),
        Ask("numbers around 30", ("primes", "offset"), "offset", SIZES, change=SMALL),
        Ask("vectors around 1000", ("primes", "offset", "small_eps"), sizes=SIZES,
            change=both(moved(1000.0, "x"), SMALL)),
        Ask("a cotangent along the vector", ("primes", "along_vector", "small_eps"), sizes=SIZES,
            change=both(along, SMALL)),
        Ask("equal components in some vectors", ("primes", "constant"), sizes=SIZES,
            change=both(first_position(1.125), SMALL)),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
        *long({"B": 1, "N": 1, "D": 1025}, {"B": 2, "N": 1, "D": 130}, {"B": 2, "N": 65, "D": 2},
              {"B": 65, "N": 1, "D": 3}, {"B": 1, "N": 1025, "D": 2}),
    ],
}
