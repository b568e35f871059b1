"""Masked autoregressive flows and their inverses: every conditioner under both scales, and few components."""

from typing import Any

from refdgm.evidence.ask import Ask

NOTES = {
    "free_scale": "the log-scale is what the network says",
    "bounded_scale": "the log-scale is a tanh of what the network says",
    "one_before_another": "two components: the second sees the first, and no error goes through a third",
}
SIZES = {"B": 5, "D": 3, "hidden": (7,)}
WIDE = {"B": 2, "D": 5, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}
EVERY = ("made_tanh", "made_softplus", "made_silu", "triangular")


def layer(comment: str, conditioner: str, scale: str, *flags: str, sizes: Any = SIZES, regime: str = "unit") -> Ask:
    kind = "free_scale" if scale == "exp" else "bounded_scale"
    return Ask(f"{comment}: {conditioner}, {scale}", (*(flags or ("primes",)), kind), regime, sizes,
               {"conditioner": conditioner, "scale": scale})


LAYERS = [
    *[layer("three components", name, scale) for name in EVERY for scale in ("exp", "bounded")],
    *[layer("all sizes equal", name, scale, "square", sizes=SQUARE) for name in EVERY for scale in ("exp", "bounded")],
    *[layer("five components", name, "bounded", sizes=WIDE) for name in EVERY],
    layer("five components", "made_tanh", "exp", sizes=WIDE),
    layer("two hidden layers", "made_silu", "exp", sizes={"B": 3, "D": 5, "hidden": (7, 11)}),
    layer("one example", "made_tanh", "exp", "single_example", sizes=SIZES | {"B": 1}),
    layer("one component", "made_softplus", "bounded", "single_axis", sizes=SIZES | {"D": 1}),
    layer("two components", "made_silu", "exp", "primes", "one_before_another", sizes=SIZES | {"D": 2}),
    layer("two components", "triangular", "bounded", "primes", "one_before_another", sizes=SIZES | {"D": 2}),
    layer("points of the order of 15", "made_tanh", "exp", "primes", "extreme", regime="extreme"),
    layer("points of the order of 15", "triangular", "bounded", "primes", "extreme", regime="extreme"),
    layer("points of the order of 1e-5", "made_softplus", "exp", "primes", "tiny", regime="tiny"),
    layer("magnitudes from 1e-3 to 20", "made_silu", "bounded", "primes", "mixed", regime="mixed"),
]
CASES = {"masked_autoregressive": LAYERS, "masked_autoregressive_inverse": LAYERS}
