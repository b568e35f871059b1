"""Bounds of variational autoencoders: both likelihoods, every network on either side, one draw and many."""

from typing import Any

from refdgm.evidence.ask import Ask, both, put, scaled

NOTES = {
    "bound": "β = 1: the bound itself",
    "weighed": "β other than one: where it stands matters",
    "one_draw": "a single draw: a mean over draws is void",
    "one_latent": "a single latent",
    "mean_draw": "noise of exactly zero: the encoder's mean is decoded, and λ hears of the divergence alone",
    "binary_data": "x of 0 and 1 alone",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "prior_encoder": "an encoder of nearly N(0, I): e^λ − 1 − λ as a difference has few digits",
}
SIZES = {"B": 5, "R": 2, "D": 11, "Z": 7, "hidden": (3,)}
SQUARE = {"B": 3, "R": 3, "D": 3, "Z": 3, "hidden": (3,)}
NAMES = ("mlp_tanh", "mlp_relu", "linear")
LAWS = ("gaussian", "bernoulli")
BITS = put(x=[[(3 * b + 5 * d + b * d) % 4 // 2 for d in range(11)] for b in range(5)])


def ask(comment: str, encoder: str, decoder: str, likelihood: str, *flags: str, sizes: Any = SIZES,
        regime: str = "unit", beta: float = 1.0, change: Any = None) -> Ask:
    changes = [put(beta=beta), *([BITS] if likelihood == "bernoulli" and sizes is SIZES else []),
               *([change] if change else [])]
    return Ask(f"{comment}: {encoder}, {decoder}, {likelihood}",
               (*(flags or ("primes",)), "bound" if beta == 1 else "weighed",
                *(["binary_data"] if likelihood == "bernoulli" and sizes is SIZES else [])), regime, sizes,
               {"encoder": encoder, "decoder": decoder, "likelihood": likelihood}, both(*changes))


CASES = {"elbo": [
    *[ask("the bound", a, b, law) for a, b, law in zip(NAMES, NAMES[1:] + NAMES[:1], LAWS * 2, strict=False)],
    *[ask("β = 4", a, a, law, beta=4.0) for a in NAMES for law in LAWS],
    *[ask("all sizes equal", a, b, law, "square", sizes=SQUARE, beta=0.75)
      for a, b, law in zip(NAMES, NAMES[2:] + NAMES[:2], LAWS * 2, strict=False)],
    ask("one draw", "mlp_tanh", "linear", "gaussian", "one_draw", sizes=SIZES | {"R": 1}, beta=0.5),
    ask("one draw", "mlp_tanh", "mlp_tanh", "bernoulli", "one_draw", sizes=SIZES | {"R": 1}, beta=0.5),
    ask("one latent", "mlp_tanh", "mlp_tanh", "gaussian", "one_latent", sizes=SIZES | {"Z": 1}, beta=2.0),
    ask("one component", "mlp_tanh", "linear", "gaussian", "single_axis", sizes=SIZES | {"D": 1}, beta=2.0),
    ask("one example", "linear", "mlp_tanh", "gaussian", "single_example", sizes=SIZES | {"B": 1}, beta=2.0),
    ask("two hidden layers", "mlp_tanh", "mlp_tanh", "gaussian", "two_layers", sizes=SIZES | {"hidden": (3, 5)},
        beta=1.5),
    ask("no noise", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "mean_draw", change=scaled(0, "eps"), beta=0.25),
    ask("data of 1e-5", "mlp_tanh", "linear", "gaussian", "primes", "tiny", regime="tiny", beta=1.25),
    ask("magnitudes from 1e-3 to 20", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "mixed", regime="mixed", beta=3.0),
    ask("data of the order of 15", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "extreme", regime="extreme", beta=1.0),
    ask("data around 30", "mlp_tanh", "mlp_tanh", "gaussian", "primes", "offset", regime="offset", beta=0.5),
    ask("an encoder of almost the prior", "linear", "mlp_tanh", "gaussian", "primes", "prior_encoder",
        change=lambda arrays: {name: x * 2.0**-12 for name, x in arrays.items() if name.startswith("input.phi.")}),
    ask("β of a thousandth", "mlp_tanh", "mlp_tanh", "bernoulli", beta=2.0**-10),
]}
