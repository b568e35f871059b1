"""Bounds of codes: both likelihoods, every decoder; who is nearest, who is used twice, and what a position costs."""

from typing import Any

import numpy as np

from refdgm.cases import Case
from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled
from refdgm.evidence.latent.few_codes import few_codes
from refdgm.evidence.rare import changed

NOTES = {
    "shared_code": "several positions choose the same code: its gradient is a sum",
    "unused": "codes that nobody chose: their gradient is exactly zero",
    "latents_are_codes": "latents that are codes",
    "close_call": "the second nearest code is hardly farther: ‖z‖² − 2⟨z, e⟩ + ‖e‖² may choose it",
    "single_code": "a single code: everybody chooses it, and it costs nothing",
    "one_position": "a single position: N log K is log K",
    "thin_codes": "codes of one component",
    "binary_data": "x of 0 and 1 alone",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
}
SIZES = {"B": 5, "N": 3, "Z": 2, "K": 7, "D": 11, "hidden": (13,)}
SQUARE = {"B": 3, "N": 3, "Z": 3, "K": 3, "D": 3, "hidden": (3,)}
NAMES = ("mlp_tanh", "mlp_relu", "linear")
LAWS = ("gaussian", "bernoulli")
BITS = put(x=[[(3 * b + 5 * d + b * d) % 4 // 2 for d in range(11)] for b in range(5)])
TANH, LINEAR = ("mlp_tanh", "gaussian"), ("linear", "gaussian")


def ask(comment: str, decoder: str, likelihood: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
        change: Any = None) -> Ask:
    binary = likelihood == "bernoulli" and (sizes["B"], sizes["D"]) == (5, 11)
    changes = [*([BITS] if binary else []), *([change] if change else [])]
    return Ask(f"{comment}: {decoder}, {likelihood}", (*(flags or ("primes",)), *("binary_data",) * binary), regime,
               sizes, {"decoder": decoder, "likelihood": likelihood}, both(*changes) if changes else None)


def crowded(arrays: Arrays) -> Arrays:
    """All latents around the first code, but for one of the last."""
    z, codes = arrays["input.z"] / 8 + arrays["input.codebook"][0], arrays["input.codebook"]
    z[-1, -1] = codes[-1] + arrays["input.z"][-1, -1] / 8
    return {"input.z": z}


def on_codes(arrays: Arrays) -> Arrays:
    """Every latent of the first two examples is a code."""
    z = arrays["input.z"].copy()
    z[:2] = arrays["input.codebook"][[[2, 1, 4], [1, 6, 1]]]
    return {"input.z": z}


def between(arrays: Arrays) -> Arrays:
    """Each latent almost half-way between two codes, 2^−20 of the way nearer to the second."""
    codes = arrays["input.codebook"]
    k = np.arange(arrays["input.z"][..., 0].size).reshape(arrays["input.z"].shape[:2]) % (len(codes) - 1)
    return {"input.z": (codes[k] + codes[k + 1]) / 2 + 2.0**-20 * (codes[k + 1] - codes[k])}


def spread(arrays: Arrays) -> Arrays:
    """Codes far apart from pair to pair, so that `between` is between neighbours."""
    return {"input.codebook": arrays["input.codebook"] / 4 + 4.0 * np.arange(len(arrays["input.codebook"]))[:, None]}


LIST = [
    *[ask("plain numbers", a, law, "primes", "shared_code") for a in NAMES for law in LAWS],
    *[ask("many codes", a, law, "primes", "unused", sizes=SIZES | {"K": 17}) for a in NAMES for law in LAWS],
    *[ask("all sizes equal", a, law, "square", sizes=SQUARE) for a in NAMES for law in LAWS],
    ask("one position", *TANH, "one_position", sizes=SIZES | {"N": 1}),
    ask("one position", "mlp_tanh", "bernoulli", "one_position", sizes=SIZES | {"N": 1}),
    ask("many positions", *LINEAR, "primes", "shared_code", sizes=SIZES | {"N": 17}),
    ask("one code", *TANH, "single_code", "shared_code", sizes=SIZES | {"K": 1}),
    ask("two codes", *TANH, "primes", "shared_code", sizes={"B": 3, "N": 5, "Z": 7, "K": 2, "D": 11, "hidden": (13,)}),
    ask("codes of one component", *TANH, "thin_codes", sizes=SIZES | {"Z": 1}),
    ask("one component", *LINEAR, "single_axis", sizes=SIZES | {"D": 1}),
    ask("one example", *TANH, "single_example", sizes=SIZES | {"B": 1}),
    ask("two hidden layers", *TANH, "two_layers", sizes=SIZES | {"hidden": (3, 5)}),
    ask("latents around one code", *TANH, "primes", "shared_code", "unused", change=crowded),
    ask("latents that are codes", *TANH, "primes", "latents_are_codes", change=on_codes),
    ask("everything around 30", *LINEAR, "primes", "offset", regime="offset"),
    ask("codes around 3000", *LINEAR, "primes", "offset", regime="offset", change=moved(2970.0, "z", "codebook")),
    ask("everything of the order of 1e-5", *TANH, "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", *TANH, "primes", "mixed", regime="mixed"),
    ask("components of the order of 15", *LINEAR, "primes", "extreme", regime="extreme"),
    ask("latents much shorter than codes", *TANH, "primes", "shared_code", change=scaled(1 / 64, "z")),
    ask("latents almost half-way between codes", *LINEAR, "primes", "close_call", change=both(spread, between)),
    ask("almost half-way, far from the origin", *LINEAR, "primes", "close_call", "offset",
        change=both(spread, moved(1024.0, "codebook"), between)),
    *long({"B": 2, "N": 2, "Z": 2, "K": 130, "D": 3}, {"B": 2, "N": 65, "Z": 2, "K": 3, "D": 2},
          {"B": 1, "N": 2, "Z": 130, "K": 3, "D": 2}, {"B": 1, "N": 2, "Z": 2, "K": 3, "D": 130},
          {"B": 1, "N": 1, "Z": 3, "K": 1025, "D": 2}, decoder="linear", likelihood="gaussian"),
]


def halfway(case: Case) -> Case:
    """Every latent lies halfway between the first code and the second."""
    code = case.arrays["input.codebook"][:1]
    return changed(case, z=lambda x: 0 * x + code + 2.0**-6,
                   codebook=lambda x: np.concatenate([code, code + 2.0**-5, code + 2 + np.abs(x[2:])]))


CASES = {"vq_vae_elbo": LIST}
KILLING = {"vq_vae_elbo": few_codes}
RARE = {
    "vq_vae_elbo": (
        halfway,
        lambda case: changed(case, z=lambda x: x * 2.0**-12 + 1, codebook=lambda x: x * 2.0**-12 + 1),
    ),
}
