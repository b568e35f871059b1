"""Cases of flows of several layers: every kind of layer, both orders."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.ask import Ask, scaled
from refdgm.flow.bijection import BIJECTIONS

NOTES = {
    "one_layer": "one layer: no order of layers or components can be wrong",
    "many_layers": "five layers: what is done once too often or too rarely differs from layer to layer",
    "at_the_base": "data at the origin: the base is at its largest, and has no gradient of its own",
}
SIZES = {"B": 5, "D": 3, "L": 2, "hidden": (7,)}
MANY = {"B": 3, "D": 2, "L": 5, "hidden": (7,)}
WIDE = {"B": 2, "D": 5, "L": 3, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "L": 3, "hidden": (3,)}
COUPLINGS = tuple(name for name in BIJECTIONS if name.startswith("coupling_"))
IN_TURN = tuple(name for name in BIJECTIONS if name.startswith("autoregressive_"))  # proofs of D steps: few and small


def flow(comment: str, transform: str, order: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
         change: Any = None) -> Ask:
    return Ask(f"{comment}: {transform}, {order}", flags or ("primes",), regime, sizes,
               {"transform": transform, "order": order}, change)


def planes() -> list[Ask]:
    return [
        flow("two layers", "planar", "keep"),
        flow("two layers", "planar", "reverse"),
        flow("all sizes equal", "planar", "reverse", "square", sizes=SQUARE),
        flow("five layers of two components", "planar", "reverse", "primes", "many_layers", sizes=MANY),
        flow("three layers of five components", "planar", "keep", sizes=WIDE),
    ]


def asked(point: str) -> list[Ask]:
    return [
        *[flow("two layers", kind, order) for kind in COUPLINGS for order in ("keep", "reverse")],
        *[flow("all sizes equal", kind, "reverse", "square", sizes=SQUARE) for kind in COUPLINGS],
        *[flow("five layers of two components", kind, "reverse", "primes", "many_layers", sizes=MANY)
          for kind in COUPLINGS],
        *[flow("three layers of five components", kind, order, sizes=WIDE)
          for kind, order in zip(COUPLINGS, ("keep", "reverse"), strict=True)],
        flow("five layers of two components", "coupling_tanh", "keep", "primes", "many_layers", sizes=MANY),
        flow("two hidden layers", "coupling_silu", "reverse", sizes=WIDE | {"hidden": (7, 11)}),
        flow("one layer", "coupling_tanh", "reverse", "one_layer", sizes=SIZES | {"L": 1}),
        flow("one layer", "coupling_silu", "keep", "one_layer", sizes=SIZES | {"L": 1}),
        flow("one example", "coupling_silu", "reverse", "single_example", sizes=SIZES | {"B": 1}),
        flow("one component", "coupling_tanh", "keep", "single_axis", sizes=SIZES | {"D": 1}),
        flow("at the origin", "coupling_tanh", "reverse", "primes", "at_the_base", change=scaled(0, point)),
        flow("points of the order of 15", "coupling_tanh", "keep", "primes", "extreme", regime="extreme"),
        flow("points of the order of 15", "coupling_silu", "reverse", "primes", "extreme", regime="extreme"),
        flow("points of the order of 1e-5", "coupling_silu", "keep", "primes", "tiny", regime="tiny"),
        flow("magnitudes from 1e-3 to 20", "coupling_tanh", "reverse", "primes", "mixed", regime="mixed"),
        *[flow("two layers", kind, order) for kind in IN_TURN for order in ("keep", "reverse")],
        *[flow("all sizes equal", kind, "reverse", "square", sizes=dict(zip(SQUARE, (2, 2, 2, (2,)), strict=True)))
          for kind in IN_TURN],
        flow("five layers of two components", "autoregressive_triangular", "reverse", "primes", "many_layers",
             sizes=MANY),
        flow("three layers of five components", "autoregressive_triangular", "keep", sizes=WIDE),
        *[replace(ask, since="1.4.0") for ask in planes()],
    ]


CASES = {"normalizing_flow_log_density": asked("x"), "normalizing_flow_sample": asked("z")}
