"""Planar flows: one layer and many, that stretch, press together and fold over."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled, thirds
from refdgm.evidence.flow.planes import NOTES as OF_LAYERS

NOTES = OF_LAYERS | {
    "one_layer": "one layer: no order of layers or components can be wrong",
    "many_layers": "five layers: what is done once too often or too rarely differs from layer to layer",
}
SIZES: dict[str, Any] = {"B": 5, "D": 3, "L": 2}
WIDE = {"B": 2, "D": 7, "L": 3}
MANY = {"B": 3, "D": 2, "L": 5}


def along(*factors: float) -> Any:
    """u_l with ⟨u_l, w_l⟩ of about these sizes, and a part across w_l."""
    def change(arrays: Arrays) -> Arrays:
        u, w = arrays["input.u"], arrays["input.w"]
        unit = w / np.sum(w * w, axis=1, keepdims=True)
        rest = (u - np.sum(u * w, axis=1, keepdims=True) * unit) / 4
        return {"input.u": (np.array(factors)[:, None] * unit + rest).astype(np.float32).astype(np.float64)}

    return change


def asked(constraint: str, comment: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
          change: Any = None) -> Ask:
    return Ask(f"{constraint}: {comment}", flags or ("primes",), regime, sizes, {"constraint": constraint}, change)


def of(constraint: str) -> list[Ask]:
    strong = "folded" if constraint == "none" else "pressed"
    return [
        asked(constraint, "two layers"),
        asked(constraint, "three layers of seven components", sizes=WIDE),
        asked(constraint, "five layers of two components", "primes", "many_layers", sizes=MANY),
        asked(constraint, "all sizes equal", "square", sizes={"B": 3, "D": 3, "L": 3}),
        asked(constraint, "one layer", "one_layer", sizes=SIZES | {"L": 1}),
        asked(constraint, "one example", "single_example", sizes=SIZES | {"B": 1}),
        asked(constraint, "⟨u, w⟩ of about −3, then 2", "primes", strong, change=along(-3.0, 2.0)),
        asked(constraint, "⟨u, w⟩ of about 2, then −6", "primes", strong, change=along(2.0, -6.0)),
    ]


CASES = {"planar_flow": [
    *of("none"),
    *of("softplus"),
    asked("none", "arrays that nearly agree", "primes", "near", regime="near"),
    asked("none", "a short normal", "primes", "short_normal", change=scaled(2.0**-5, "w")),
    asked("softplus", "one component", "single_axis", sizes=SIZES | {"D": 1}),
    asked("softplus", "⟨u, w⟩ of about 20, then −2", "primes", "stretched_along", change=along(20.0, -2.0)),
    asked("softplus", "⟨u, w⟩ of about 0.54, where sp is one", "primes", "across", change=along(0.5413, 0.5413)),
    asked("softplus", "a long normal", "primes", "long_normal", change=scaled(2.0**2, "w")),
    asked("softplus", "planes far away, on either side", "primes", "far_planes", change=put(b=[12.0, -12.0])),
    asked("softplus", "of the order of 1e-5", "primes", "tiny", regime="tiny"),
    asked("softplus", "points around 3", "primes", "offset", change=both(scaled(0.25, "w"), moved(3.0, "z"))),
    asked("softplus", "numbers of 53 bits", "primes", "full", change=thirds),
]}
