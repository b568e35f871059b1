"""Vector quantization: who is nearest, who is used twice, and which loss pulls on whom."""

import numpy as np

from refdgm.cases import Case
from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled
from refdgm.evidence.latent.few_codes import few_codes
from refdgm.evidence.rare import changed

NOTES = {
    "duplicates": "several examples choose the same code: its gradient is a sum",
    "unused": "codes that nobody chose: their gradient is exactly zero",
    "exact": "latents that are codes: both losses are exactly zero",
    "close_call": "the second nearest code is hardly farther: ‖z‖² − 2⟨z, e⟩ + ‖e‖² may choose it",
    "heavy_commitment": "β far above one: where it stands matters most",
    "light_commitment": "β far below one",
    "one_code": "a single code: everybody chooses it",
}
SQUARE = {"B": 5, "K": 5, "D": 3}
ALL_SQUARE = {"B": 3, "K": 3, "D": 3}


def crowded(arrays: Arrays) -> Arrays:
    """All latents around the first code, except the last one."""
    z, codes = arrays["input.z"] / 8 + arrays["input.codebook"][:1], arrays["input.codebook"]
    z[-1] = codes[-1] + arrays["input.z"][-1] / 8
    return {"input.z": z}


def on_codes(arrays: Arrays) -> Arrays:
    """The first two latents are codes, the others stay."""
    z = arrays["input.z"].copy()
    z[:2] = arrays["input.codebook"][[2, 1]]
    return {"input.z": z}


def between(arrays: Arrays) -> Arrays:
    """Each latent almost half-way between two codes, 2^−20 of the way nearer to the second."""
    codes = arrays["input.codebook"]
    first, second = codes[[0, 1, 2, 3, 4]], codes[[1, 2, 3, 4, 5]]
    return {"input.z": (first + second) / 2 + 2.0**-20 * (second - first)}


def spread(arrays: Arrays) -> Arrays:
    """Codes in pairs, far apart from pair to pair, so that `between` is between neighbours."""
    codes = arrays["input.codebook"] / 4 + 4.0 * np.arange(len(arrays["input.codebook"]))[:, None]
    return {"input.codebook": codes}


LIST = [
    Ask("plain numbers", ("primes", "unused")),
    Ask("β = 1/4, the value of the paper", ("primes", "unused", "light_commitment"), change=put(beta=0.25)),
    Ask("β = 2", ("primes", "unused"), change=put(beta=2.0)),
    Ask("many codes", ("primes", "unused"), sizes={"B": 5, "K": 13, "D": 2}),
    Ask("more examples than codes", ("primes", "duplicates"), sizes={"B": 11, "K": 3, "D": 2}),
    Ask("long codes", ("primes", "unused"), sizes={"B": 3, "K": 5, "D": 11}),
    Ask("as many examples as codes", ("square",), sizes=SQUARE),
    Ask("as many examples as codes as components", ("square",), sizes=ALL_SQUARE),
    Ask("one example", ("single_example", "unused"), sizes={"B": 1, "K": 7, "D": 3}),
    Ask("one component", ("single_axis",), sizes={"B": 5, "K": 7, "D": 1}),
    Ask("one code", ("one_code", "duplicates"), sizes={"B": 5, "K": 1, "D": 3}),
    Ask("four latents around one code", ("primes", "duplicates", "unused"), change=crowded),
    Ask("four latents around one code, β = 1/4", ("primes", "duplicates", "unused", "light_commitment"),
        change=both(crowded, put(beta=0.25))),
    Ask("two latents that are codes", ("primes", "exact"), change=on_codes),
    Ask("everything around 30", ("primes", "offset"), "offset"),
    Ask("everything around 30000", ("primes", "offset"), "offset",
        change=moved(29970.0, "z", "codebook")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("latents much shorter than codes", ("primes", "mixed", "duplicates"), change=scaled(1 / 64, "z")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, as many examples as codes", ("square", "mixed"), "mixed", SQUARE),
    Ask("components of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("latents almost half-way between codes", ("primes", "close_call"), change=both(spread, between)),
    Ask("almost half-way, far from the origin", ("primes", "close_call", "offset"),
        change=both(spread, moved(1024.0, "codebook"), between)),
    Ask("β = 16", ("primes", "heavy_commitment"), change=put(beta=16.0)),
]


def halfway(case: Case) -> Case:
    """Every latent lies halfway between the first code and the second."""
    code = case.arrays["input.codebook"][:1]
    return changed(case, z=lambda x: 0 * x + code + 2.0**-6,
                   codebook=lambda x: np.concatenate([code, code + 2.0**-5, code + 2 + np.abs(x[2:])]))


CASES = {"vector_quantization": [*LIST, *long({"B": 2, "K": 130, "D": 2}, {"B": 2, "K": 3, "D": 130},
                                                {"B": 1, "K": 1025, "D": 3}, {"B": 1, "K": 2, "D": 1025})]}
KILLING = {"vector_quantization": few_codes}
RARE = {
    "vector_quantization": (
        halfway,
        lambda case: changed(case, z=lambda x: x / 64 + 3000, codebook=lambda x: x / 64 + 3000),
    ),
}
