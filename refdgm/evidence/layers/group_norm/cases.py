"""Groups of channels to be normalised: of every size, nearly alike, far from the origin, and what is along them."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled, thirds

NOTES = {
    "small_eps": "ϵ = 10⁻⁵ and less, as networks have it: where it stands hardly shows in the value",
    "large_eps": "ϵ as large as the mean square: where it stands shows in every number",
    "below_eps": "components below √ϵ: ϵ is nearly all of the root, and n is small",
    "along_vector": "a cotangent along the vector: of it only ϵ/r² is left",
    "constant": "equal components: no deviation, c = 0, and r = √ϵ",
    "equal_weights": "all weights equal: where they are multiplied in hides",
    "lone_group": "a single group: what has forgotten the groups hides",
    "lone_channel": "a single channel in every group: instance normalisation",
    "lone_position": "a single position in every example",
    "uneven_channels": "channels of very different size or place in one group: whose moments are taken shows",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SIZES = {"B": 3, "G": 2, "D": 5, "N": 7}
SQUARE = {"B": 3, "G": 3, "D": 3, "N": 3}
SMALL = put(eps=1e-5)


def along(arrays: Arrays) -> Arrays:
    """y_bar along x, but for a sixty-fourth of what was drawn, with weights of one."""
    x, bar = arrays["input.x"], arrays["cotangent.value"]
    return {"cotangent.value": (x + bar / 64).astype(np.float32).astype(np.float64),
            "input.weight": np.ones_like(arrays["input.weight"])}


def first_group(value: float) -> Any:
    """The first group of every example has all components equal to this."""

    def change(arrays: Arrays) -> Arrays:
        x = arrays["input.x"].copy()
        x[:, 0] = value
        return {"input.x": x}

    return change


def first_channels(by: float, add: float) -> Any:
    """The first channel of every group times and plus powers of two."""

    def change(arrays: Arrays) -> Arrays:
        x = arrays["input.x"].copy()
        x[:, :, 0] = (x[:, :, 0] * by + add).astype(np.float32)
        return {"input.x": x}

    return change


CASES = {
    "group_norm": [
        Ask("drawn ϵ", ("primes", "large_eps"), sizes=SIZES),
        Ask("drawn ϵ, more groups than channels in one", ("primes", "large_eps"),
            sizes={"B": 2, "G": 5, "D": 3, "N": 7}),
        Ask("drawn ϵ, many pixels", ("primes", "large_eps"), sizes={"B": 2, "G": 3, "D": 5, "N": 23}),
        Ask("ϵ = 10⁻⁵", ("primes", "small_eps"), sizes=SIZES, change=SMALL),
        Ask("ϵ = 10⁻⁶, many channels", ("primes", "small_eps"), sizes={"B": 2, "G": 3, "D": 11, "N": 5},
            change=put(eps=1e-6)),
        Ask("ϵ = 10⁻¹²", ("primes", "small_eps"), sizes=SIZES, change=put(eps=1e-12)),
        Ask("ϵ = 3", ("primes", "large_eps"), sizes=SIZES, change=put(eps=3.0)),
        Ask("ϵ = 1000", ("primes", "large_eps", "below_eps"), sizes=SIZES, change=put(eps=1000.0)),
        Ask("all sizes equal", ("square",), sizes=SQUARE),
        Ask("all sizes equal, ϵ = 10⁻⁵", ("square", "small_eps"), sizes=SQUARE, change=SMALL),
        Ask("one example", ("single_example",), sizes={"B": 1, "G": 2, "D": 3, "N": 5}),
        Ask("one group", ("lone_group",), sizes={"B": 3, "G": 1, "D": 5, "N": 7}),
        Ask("one channel in every group", ("lone_channel",), sizes={"B": 3, "G": 5, "D": 1, "N": 7}),
        Ask("one pixel", ("lone_position",), sizes={"B": 5, "G": 2, "D": 3, "N": 1}),
        Ask("one number in every group", ("lone_channel", "lone_position", "constant"),
            sizes={"B": 5, "G": 3, "D": 1, "N": 1}),
        Ask("two numbers in every group", ("along_vector", "small_eps"), sizes={"B": 3, "G": 5, "D": 2, "N": 1},
            change=put(eps=1e-3)),
        Ask("numbers of the order of 1e-5", ("primes", "tiny", "below_eps"), "tiny", SIZES, change=SMALL),
        Ask("numbers of the order of 1e-5, ϵ = 10⁻¹²", ("primes", "tiny", "small_eps"), "tiny", SIZES,
            change=put(eps=1e-12)),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
        Ask("magnitudes from 1e-3 to 20, ϵ = 10⁻⁵", ("primes", "mixed", "small_eps"), "mixed", SIZES, change=SMALL),
        Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", SIZES),
        Ask("numbers around 30", ("primes", "offset"), "offset", SIZES, change=SMALL),
        Ask("numbers around 1000", ("primes", "offset", "small_eps"), sizes=SIZES,
            change=both(moved(1000.0, "x"), SMALL)),
        Ask("a channel of every group 64 times the others", ("primes", "uneven_channels"), sizes=SIZES,
            change=both(first_channels(64.0, 0.0), SMALL)),
        Ask("a channel of every group 32 above the others", ("primes", "uneven_channels"), sizes=SIZES,
            change=both(first_channels(1.0, 32.0), SMALL)),
        Ask("a cotangent along the numbers", ("primes", "along_vector", "small_eps"), sizes=SIZES,
            change=both(along, SMALL)),
        Ask("equal numbers in the first group", ("primes", "constant"), sizes=SIZES,
            change=both(first_group(1.125), SMALL)),
        Ask("all weights 2", ("primes", "equal_weights"), sizes=SIZES, change=put(weight=[[2.0] * 5] * 2)),
        Ask("numbers of the order of 100", ("primes", "extreme"), sizes=SIZES, change=both(scaled(128.0, "x"), SMALL)),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=SIZES, change=thirds),
        *long({"B": 1, "G": 1, "D": 1, "N": 1025}, {"B": 2, "G": 1, "D": 130, "N": 1},
              {"B": 1, "G": 65, "D": 2, "N": 2}, {"B": 65, "G": 1, "D": 2, "N": 3},
              {"B": 1, "G": 2, "D": 2, "N": 130}),
    ],
}
