"""Residual blocks: every branch, from a linear one to two hidden layers."""

from typing import Any

from refdgm.evidence.ask import Ask, scaled
from refdgm.evidence.rare import changed, times

NOTES = {
    "plain_layer": "as many features as hidden units: a transposed weight fits",
    "outweighing": "a branch that outweighs the identity",
    "large": "states of the order of 10⁶, beyond half precision: nothing may be clamped",
}
BRANCHES = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "D": 3, "hidden": (7,)}


def with_branches(comment: str, *rest: Any, **more: Any) -> list[Ask]:
    """The same case for every branch."""
    return [Ask(f"{comment}, {name}", *rest, options={"branch": name}, **more) for name in BRANCHES]  # type: ignore[misc]


LIST = [
    *with_branches("one hidden layer", ("primes",), sizes=SIZES),
    *with_branches("as many examples as features, and as wide", ("square", "plain_layer"),
                   sizes={"B": 3, "D": 3, "hidden": (3,)}),
    *with_branches("features of the order of 15", ("primes", "extreme"), "extreme", SIZES),
    *with_branches("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", SIZES),
    Ask("two hidden layers", sizes={"B": 3, "D": 2, "hidden": (5, 7)}, options={"branch": "mlp_tanh"}),
    Ask("two hidden layers of one width", ("square",), sizes={"B": 5, "D": 2, "hidden": (5, 5)},
        options={"branch": "mlp_silu"}),
    Ask("features of the order of 1e-5", ("primes", "tiny"), "tiny", SIZES, {"branch": "mlp_softplus"}),
    Ask("features around 30", ("primes", "offset"), "offset", SIZES, {"branch": "mlp_silu"}),
    Ask("one example", ("single_example",), sizes=SIZES | {"B": 1}, options={"branch": "mlp_tanh"}),
    Ask("one feature", ("single_axis",), sizes=SIZES | {"D": 1}, options={"branch": "mlp_softplus"}),
    Ask("many hidden units", ("primes", "outweighing"), sizes={"B": 3, "D": 2, "hidden": (23,)},
        options={"branch": "mlp_softplus"}),
    Ask("states of the order of 10⁶", ("primes", "large", "later"), sizes=SIZES, options={"branch": "linear"},
        change=scaled(2.0**20, "z")),
]

CASES = {"residual_block": LIST}
RARE = {"residual_block": (lambda case: changed(case, z=times(2.0**20)),)}
