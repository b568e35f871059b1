"""Bounds given a condition: both likelihoods, every network in every place, one draw and many."""

from typing import Any

from refdgm.evidence.ask import Arrays, Ask, put, scaled

NOTES = {
    "one_draw": "a single draw: a mean over draws is void",
    "one_latent": "a single latent",
    "one_condition": "a condition of one component",
    "mean_draw": "noise of exactly zero: the encoder's mean is decoded, and λ hears of the divergence alone",
    "binary_data": "x of 0 and 1 alone",
    "two_layers": "two hidden layers: what one hands to the other (some sizes repeat)",
    "prior_met": "an encoder and a prior that nearly agree: the divergence as a difference has few digits",
    "sharp_prior": "a prior of small variances: e^{−λ_p} weighs most",
    "spread_prior": "a prior of large variances",
    "labels": "one-hot conditions: every example meets one column",
    "no_condition": "a condition of exactly zero: each network sees its other arguments and its biases alone",
}
SIZES = {"B": 5, "R": 2, "D": 11, "Z": 7, "C": 13, "hidden": (3,)}
WIDE = {"B": 5, "R": 2, "D": 11, "Z": 3, "C": 7, "hidden": (13,)}  # a linear network alone has no hidden layer
MANY = {"B": 2, "R": 11, "D": 5, "Z": 3, "C": 7, "hidden": (13,)}
SQUARE = {"B": 3, "R": 3, "D": 3, "Z": 3, "C": 3, "hidden": (3,)}
NAMES = ("mlp_tanh", "mlp_relu", "linear")
LAWS = ("gaussian", "bernoulli")
BITS = put(x=[[(3 * b + 5 * d + b * d) % 4 // 2 for d in range(11)] for b in range(5)])


def ask(comment: str, encoder: str, decoder: str, prior: str, likelihood: str, *flags: str, sizes: Any = SIZES,
        regime: str = "unit", change: Any = None) -> Ask:
    sizes = WIDE if sizes is SIZES and {encoder, decoder, prior} == {"linear"} else sizes
    binary = likelihood == "bernoulli" and (sizes["B"], sizes["D"]) == (5, 11)
    return Ask(f"{comment}: {encoder}, {decoder}, {prior}, {likelihood}",
               (*(flags or ("primes",)), *("binary_data",) * binary), regime, sizes,
               {"encoder": encoder, "decoder": decoder, "prior": prior, "likelihood": likelihood},
               BITS if binary else change)


def spread(by: float) -> Any:
    """All log-variances of the prior moved, by its last biases."""

    def change(arrays: Arrays) -> Arrays:
        b = arrays["input.psi.b2"].copy()
        b[7:] += by
        return {"input.psi.b2": b}

    return change


def met(arrays: Arrays) -> Arrays:
    """Weights of almost nothing, and the same biases in the prior as in the encoder."""
    small = {name: x * 2.0**-12 for name, x in arrays.items() if name.endswith((".phi.A", ".psi.A"))}
    return small | {"input.psi.b": arrays["input.phi.b"]}


def labels(arrays: Arrays) -> Arrays:
    y = 0 * arrays["input.y"]
    for b in range(len(y)):
        y[b, 3 * b % y.shape[1]] = 1
    return {"input.y": y}


TANH = ("mlp_tanh", "mlp_tanh", "mlp_tanh", "gaussian")
MIXED = ("mlp_tanh", "linear", "linear", "gaussian")
CASES = {"conditional_elbo": [
    *[ask("two draws", *NAMES[n % 3:], *NAMES[: n % 3], LAWS[n % 2]) for n in range(6)],
    *[ask("two draws", a, a, a, law) for a in NAMES for law in LAWS],
    *[ask("eleven draws", "linear", "linear", "linear", law, sizes=MANY) for law in LAWS],
    *[ask("all sizes equal", *NAMES[n % 3:], *NAMES[: n % 3], LAWS[1 - n % 2], "square", sizes=SQUARE)
      for n in range(6)],
    ask("one draw", *MIXED, "one_draw", sizes=SIZES | {"R": 1}),
    ask("one draw", *TANH[:3], "bernoulli", "one_draw", sizes=SIZES | {"R": 1}),
    ask("one latent", *TANH, "one_latent", sizes=SIZES | {"Z": 1}),
    ask("one component", *MIXED, "single_axis", sizes=SIZES | {"D": 1}),
    ask("a condition of one component", *TANH, "one_condition", sizes=SIZES | {"C": 1}),
    ask("one example", "linear", "mlp_tanh", "mlp_tanh", "gaussian", "single_example", sizes=SIZES | {"B": 1}),
    ask("two hidden layers", *TANH, "two_layers", sizes=SIZES | {"hidden": (3, 5)}),
    ask("no noise", *TANH, "primes", "mean_draw", change=scaled(0, "eps")),
    ask("data of 1e-5", *MIXED, "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", *TANH, "primes", "mixed", regime="mixed"),
    ask("one-hot conditions", *TANH, "primes", "labels", change=labels),
    ask("a condition of zero", *TANH, "primes", "no_condition", change=scaled(0, "y")),
    ask("a prior of deviations e^−3", *TANH, "primes", "sharp_prior", change=spread(-6)),
    ask("a prior of deviations e^3", *TANH, "primes", "spread_prior", change=spread(6)),
    ask("an encoder of almost the prior", "linear", "mlp_tanh", "linear", "gaussian", "primes", "prior_met",
        change=met),
]}
