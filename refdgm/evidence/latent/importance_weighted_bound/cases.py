"""Importance weighted bounds: both likelihoods, every network on either side, one draw and many."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, put, scaled

NOTES = {
    "one_draw": "a single draw: a mean over draws is void",
    "one_latent": "a single latent",
    "equal_draws": "noise far below one: all weights are nearly equal",
    "binary_data": "x of 0 and 1 alone",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "lone_weight": "weights that are far apart: one draw has nearly all",
    "hidden_draw": "small variances: the draw is hidden in the digits of the mean, its gradient is not",
}
SIZES = {"B": 5, "R": 2, "D": 11, "Z": 7, "hidden": (3,)}
MANY = {"B": 2, "R": 11, "D": 5, "Z": 3, "hidden": (7,)}
SQUARE = {"B": 3, "R": 3, "D": 3, "Z": 3, "hidden": (3,)}
NAMES = ("mlp_tanh", "mlp_relu", "linear")
LAWS = ("gaussian", "bernoulli")
BITS = put(x=[[(3 * b + 5 * d + b * d) % 4 // 2 for d in range(11)] for b in range(5)])


def ask(comment: str, encoder: str, decoder: str, likelihood: str, *flags: str, sizes: Any = SIZES,
        regime: str = "unit", change: Any = None) -> Ask:
    binary = likelihood == "bernoulli" and sizes is SIZES
    return Ask(f"{comment}: {encoder}, {decoder}, {likelihood}", (*(flags or ("primes",)), *("binary_data",) * binary),
               regime, sizes, {"encoder": encoder, "decoder": decoder, "likelihood": likelihood},
               BITS if binary else change)


def sharp(arrays: Arrays) -> Arrays:
    """Log-variances around −20, by the last biases of the encoder."""
    b = arrays["input.phi.b2"].copy()
    b[7:] -= 20
    return {"input.phi.b2": b}


CASES = {"importance_weighted_bound": [
    *[ask("two draws", a, b, law) for a, b, law in zip(NAMES, NAMES[1:] + NAMES[:1], LAWS * 2, strict=False)],
    *[ask("two draws", a, a, law) for a in NAMES for law in LAWS],
    *[ask("eleven draws", a, a, law, sizes=MANY) for a, law in (("mlp_tanh", "gaussian"), ("linear", "bernoulli"))],
    *[ask("all sizes equal", a, b, law, "square", sizes=SQUARE)
      for a, b, law in zip(NAMES, NAMES[2:] + NAMES[:2], LAWS * 2, strict=False)],
    ask("one draw", "mlp_tanh", "linear", "gaussian", "one_draw", sizes=SIZES | {"R": 1}),
    ask("one draw", "mlp_tanh", "mlp_tanh", "bernoulli", "one_draw", sizes=SIZES | {"R": 1}),
    ask("one latent", "mlp_tanh", "mlp_tanh", "gaussian", "one_latent", sizes=SIZES | {"Z": 1}),
    ask("one component", "mlp_tanh", "linear", "gaussian", "single_axis", sizes=SIZES | {"D": 1}),
    ask("one example", "linear", "mlp_tanh", "gaussian", "single_example", sizes=SIZES | {"B": 1}),
    ask("two hidden layers", "mlp_tanh", "mlp_tanh", "gaussian", "two_layers", sizes=SIZES | {"hidden": (3, 5)}),
    ask("little noise", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "equal_draws", change=scaled(2.0**-12, "eps")),
    ask("data of 1e-5", "mlp_tanh", "linear", "gaussian", "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "mixed", regime="mixed"),
    ask("data of the order of 4", "mlp_tanh", "linear", "gaussian", "primes", "lone_weight", change=scaled(4.0, "x")),
    ask("deviations of e^−10", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "hidden_draw", change=sharp),
]}
