"""Points scaled by numbers of both signs, near one, small and large."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, put, scaled, thirds

NOTES = {
    "reflecting": "every scale is below zero",
    "orientation_kept": "every scale is above zero: a forgotten modulus does not show",
    "unit_scale": "scales of ±1: volumes stay, and ℓ is zero",
    "near_one": "scales near one, as an untrained network gives them: ℓ is small",
    "cancelling_volumes": "logarithms that nearly cancel in their sum",
    "no_shift": "b = 0: whether it is added before or after the scale does not show",
    "at_zero": "z = 0: the image is the shift, and a_bar comes from ℓ alone",
    "contracting": "scales of the order of 1e-6",
    "expanding": "scales of the order of 1e6",
    "image": "examples of rank three, as images are",
    "no_axes": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def signed(sign: float) -> Any:
    return lambda arrays: {"input.scale": sign * np.abs(arrays["input.scale"])}


def units(arrays: Arrays) -> Arrays:
    return {"input.scale": np.sign(arrays["input.scale"])}


def near_one(by: float) -> Any:
    """One plus `by` times the logarithm's size of what was drawn."""
    return lambda arrays: {"input.scale": 1 + by * np.round(np.log2(np.abs(arrays["input.scale"])) * 64) / 64}


def in_pairs(arrays: Arrays) -> Arrays:
    """Of each example the second scale is 1/first but for a few parts in 2¹⁰, the others ±1."""
    scale = np.sign(arrays["input.scale"])
    first = 2.0 ** np.arange(1, len(scale) + 1)
    scale[:, 0] *= first
    scale[:, 1] *= (1 + 3 / 1024) / first
    return {"input.scale": scale}


LIST = [
    Ask("drawn numbers", sizes=VECTOR),
    Ask("other numbers", sizes=VECTOR),
    Ask("seven components", sizes={"B": 3, "...": (7,)}),
    Ask("matrices", sizes={"B": 5, "...": (3, 2)}),
    Ask("images", ("image",), sizes=IMAGE),
    Ask("images of other signs", ("image",), sizes=IMAGE),
    Ask("one number an example", ("no_axes",), sizes={"B": 5, "...": ()}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "...": (1,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (3,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("square images, as many as pixels in a row", ("square", "image"), sizes={"B": 3, "...": (3, 3)}),
    Ask("all reflected", ("primes", "reflecting"), sizes=VECTOR, change=signed(-1.0)),
    Ask("images, all reflected", ("image", "reflecting"), sizes=IMAGE, change=signed(-1.0)),
    Ask("none reflected", ("primes", "orientation_kept"), sizes=VECTOR, change=signed(1.0)),
    Ask("signs alone", ("primes", "unit_scale"), sizes=VECTOR, change=units),
    Ask("scales within a tenth of one", ("primes", "near_one"), sizes=VECTOR, change=near_one(2.0**-4)),
    Ask("scales within 1e-4 of one", ("primes", "near_one"), sizes=VECTOR, change=near_one(2.0**-14)),
    Ask("volumes that nearly stay", ("primes", "cancelling_volumes"), sizes=VECTOR, change=in_pairs),
    Ask("no shift", ("primes", "no_shift"), sizes=VECTOR, change=scaled(0, "shift")),
    Ask("the origin", ("primes", "at_zero"), sizes=VECTOR, change=scaled(0, "z")),
    Ask("points drawn near zero", ("primes", "contracting"), sizes=VECTOR, change=scaled(2.0**-20, "scale")),
    Ask("points drawn apart", ("primes", "expanding"), sizes=VECTOR, change=scaled(2.0**20, "scale")),
    Ask("scales of all sizes", ("primes", "contracting", "expanding"), sizes={"B": 2, "...": (5,)},
        change=put(scale=[[2.0**-20, -3.0, 2.0**20, -(2.0**-9), 0.7], [-5e5, 1e-6, -1.0, 300.0, -0.01]])),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("around 30", ("primes", "offset"), "offset", VECTOR),
    Ask("of the order of 1e-5, scales about 1/20", ("primes", "tiny"), "tiny", VECTOR),
    Ask("of the order of 15, scales about 10", ("primes", "extreme"), "extreme", VECTOR),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    Ask("numbers of 53 bits, all reflected", ("primes", "full", "reflecting"), sizes=VECTOR,
        change=both(signed(-1.0), thirds)),
]
CASES = {"affine_transform": [*LIST, *long({"B": 2, "...": (130,)})]}
