"""Autoencoders: every network on either side, narrow codes and wide ones."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask

NOTES = {
    "one_latent": "a single latent",
    "wide_code": "more latents than data: nothing is compressed",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "learnt_identity": "linear networks that nearly invert one another: J is a small difference",
}
SIZES = {"B": 5, "D": 7, "Z": 2, "hidden": (3,)}
WIDE = {"B": 5, "D": 2, "Z": 7, "hidden": (3,)}
SQUARE = {"B": 3, "D": 3, "Z": 3, "hidden": (3,)}
NAMES = ("mlp_tanh", "mlp_relu", "linear")


def ask(comment: str, encoder: str, decoder: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
        change: Any = None) -> Ask:
    return Ask(f"{comment}: {encoder}, {decoder}", flags or ("primes",), regime, sizes,
               {"encoder": encoder, "decoder": decoder}, change)


def inverse(arrays: Arrays) -> Arrays:
    """A = 2 + 2⁻¹⁰ times a permutation, and back by half of it."""
    turned = [[0.0, 1, 0], [0, 0, 1], [1, 0, 0]]
    away = arrays["input.phi.A"] * 2.0**-10
    return {"input.phi.A": 2 * np.array(turned) + away, "input.theta.A": np.array(turned).T / 2,
            "input.phi.b": 0 * arrays["input.phi.b"], "input.theta.b": 0 * arrays["input.theta.b"]}


CASES = {"autoencoder_loss": [
    *[ask("plain", a, b) for a in NAMES for b in NAMES],
    *[ask("all sizes equal", a, b, "square", sizes=SQUARE) for a, b in zip(NAMES, NAMES[1:] + NAMES[:1], strict=True)],
    *[ask("a wide code", a, b, "primes", "wide_code", sizes=WIDE)
      for a, b in zip(NAMES, NAMES[2:] + NAMES[:2], strict=True)],
    ask("one latent", "mlp_tanh", "linear", "one_latent", sizes=SIZES | {"Z": 1}),
    ask("one component", "linear", "mlp_tanh", "single_axis", sizes=SIZES | {"D": 1}),
    ask("one example", "mlp_tanh", "mlp_tanh", "single_example", sizes=SIZES | {"B": 1}),
    ask("two hidden layers", "mlp_tanh", "mlp_tanh", "two_layers", sizes=SIZES | {"hidden": (3, 5)}),
    ask("nearly the identity", "linear", "linear", "square", "learnt_identity", sizes=SQUARE, change=inverse),
    ask("data of 1e-5", "mlp_tanh", "linear", "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", "mlp_tanh", "mlp_tanh", "primes", "mixed", regime="mixed"),
    ask("magnitudes from 1e-3 to 20", "linear", "linear", "primes", "mixed", regime="mixed"),
    ask("data of the order of 15", "mlp_tanh", "mlp_tanh", "primes", "extreme", regime="extreme"),
    ask("data around 30", "linear", "mlp_tanh", "primes", "offset", regime="offset"),
]}
