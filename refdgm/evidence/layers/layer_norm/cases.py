"""Vectors to be normalised: of every size, nearly alike, far from the origin, and what is along them."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled, thirds

NOTES = {
    "small_eps": "ϵ = 10⁻⁵ and less, as networks have it: where it stands hardly shows in the value",
    "large_eps": "ϵ as large as the mean square: where it stands shows in every number",
    "below_eps": "components below √ϵ: ϵ is nearly all of the root, and n is small",
    "along_vector": "a cotangent along the vector: of it only ϵ/r² is left",
    "lone_component": "one component that is all of the vector, or nearly: of its own cotangent ϵ/r² is left",
    "constant": "equal components: no deviation, c = 0, and r = √ϵ",
    "equal_weights": "all weights equal: where they are multiplied in hides",
    "zero_vector": "a vector of zeros: without ϵ it is 0/0",
    "lone_position": "a single position in every example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 3, "N": 2, "D": 5}
SQUARE = {"B": 3, "N": 3, "D": 3}
SMALL = put(eps=1e-5)


def along(arrays: Arrays) -> Arrays:
    """h along x, but for a sixty-fourth of what was drawn."""
    x, bar = arrays["input.x"], arrays["cotangent.value"]
    return {"cotangent.value": (x + bar / 64).astype(np.float32).astype(np.float64)}


def towards_one(arrays: Arrays) -> Arrays:
    """The second component 2¹⁰ times itself and away from zero, in every vector."""
    x = arrays["input.x"].copy()
    x[..., 1] = 2.0**10 * np.where(x[..., 1] < 0, x[..., 1] - 1, x[..., 1] + 1)
    return {"input.x": x}


def first_position(value: float) -> Any:
    """Every vector at the first position has all components equal to this."""

    def change(arrays: Arrays) -> Arrays:
        x = arrays["input.x"].copy()
        x[:, 0, :] = value
        return {"input.x": x}

    return change


def alone(arrays: Arrays) -> Arrays:
    x = np.zeros_like(arrays["input.x"])
    x[..., 2] = arrays["input.x"][..., 2]
    return {"input.x": x}


ROWS = [
    Ask("drawn ϵ", ("primes", "large_eps"), sizes=SIZES),
    Ask("drawn ϵ, many positions", ("primes", "large_eps"), sizes={"B": 2, "N": 11, "D": 3}),
    Ask("ϵ = 10⁻⁵", ("primes", "small_eps"), sizes=SIZES, change=SMALL),
    Ask("ϵ = 10⁻⁵, more components", ("primes", "small_eps"), sizes={"B": 2, "N": 3, "D": 13}, change=SMALL),
    Ask("ϵ = 10⁻¹²", ("primes", "small_eps"), sizes=SIZES, change=put(eps=1e-12)),
    Ask("ϵ = 3", ("primes", "large_eps"), sizes=SIZES, change=put(eps=3.0)),
    Ask("ϵ = 1000", ("primes", "large_eps", "below_eps"), sizes=SIZES, change=put(eps=1000.0)),
    Ask("as many examples as positions and components", ("square",), sizes=SQUARE),
    Ask("as many examples as positions and components, ϵ = 10⁻⁵", ("square", "small_eps"), sizes=SQUARE, change=SMALL),
    Ask("one example", ("single_example",), sizes={"B": 1, "N": 3, "D": 5}),
    Ask("one position", ("lone_position",), sizes={"B": 5, "N": 1, "D": 3}),
    Ask("one example, one position", ("single_example",), sizes={"B": 1, "N": 1, "D": 7}),
    Ask("two components", ("primes", "along_vector", "small_eps"), sizes={"B": 3, "N": 5, "D": 2},
        change=put(eps=1e-3)),
    Ask("everything of the order of 1e-5", ("primes", "tiny", "below_eps"), "tiny", SIZES, change=SMALL),
    Ask("vectors of the order of 1e-5, ϵ = 10⁻¹²", ("primes", "tiny", "small_eps"), "tiny", SIZES,
        change=put(eps=1e-12)),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("magnitudes from 1e-3 to 20, ϵ = 10⁻⁵", ("primes", "mixed", "small_eps"), "mixed", SIZES, change=SMALL),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    Ask("numbers around 30", ("primes", "offset"), "offset", SIZES, change=SMALL),
    Ask("numbers around 1000", ("primes", "offset", "small_eps"), sizes=SIZES, change=both(moved(1000.0, "x"), SMALL)),
    Ask("a cotangent along the vector", ("primes", "along_vector", "small_eps"), sizes=SIZES,
        change=both(along, SMALL)),
    Ask("one component is nearly all of the vector", ("primes", "lone_component", "small_eps"), sizes=SIZES,
        change=both(towards_one, SMALL)),
    Ask("one component is all of the vector", ("primes", "lone_component"), sizes=SIZES, change=alone),
    Ask("all weights 2", ("primes", "equal_weights"), sizes=SIZES, change=put(weight=[2.0] * 5)),
    Ask("vectors of the order of 100", ("primes", "extreme"), sizes=SIZES, change=both(scaled(128.0, "x"), SMALL)),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
]
LONG = long({"B": 1, "N": 1, "D": 1025}, {"B": 2, "N": 1, "D": 130}, {"B": 1, "N": 65, "D": 2},
            {"B": 65, "N": 1, "D": 3})
CASES = {
    "rms_norm": [
        *ROWS,
        Ask("one component", ("single_axis", "lone_component"), sizes={"B": 3, "N": 5, "D": 1}, change=put(eps=1e-3)),
        Ask("vectors of zeros among others", ("primes", "zero_vector"), sizes=SIZES,
            change=both(first_position(0.0), SMALL)),
        *LONG,
    ],
    "layer_norm": [
        *ROWS,
        Ask("one component", ("single_axis", "constant"), sizes={"B": 3, "N": 5, "D": 1}),
        Ask("equal components in some vectors", ("primes", "constant"), sizes=SIZES,
            change=both(first_position(1.125), SMALL)),
        *LONG,
    ],
}
