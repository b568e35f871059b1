"""Planar layers: normals of any length, layers that stretch, press together and fold over, points near and far."""

from dataclasses import replace
from typing import Any

import numpy as np

from refdgm.cases import Case, draw
from refdgm.evidence.ask import Arrays, Ask, both, long, moved, put, scaled, thirds
from refdgm.evidence.flow.planes import NOTES as OF_LAYERS
from refdgm.evidence.rare import changed

NOTES = OF_LAYERS | {
    "unit_normal": "w of length one: a length in place of its square does not show",
    "in_the_plane": "⟨w, z⟩ + b = 0: h = 0, h′ = 1, and the point does not move",
    "no_bias": "b = 0",
}
VECTOR: dict[str, Any] = {"B": 5, "D": 3}


def along(factor: float, across: float = 0.25) -> Any:
    """u with ⟨u, w⟩ of about `factor`, and a part across w."""
    def change(arrays: Arrays) -> Arrays:
        u, w = arrays["input.u"], arrays["input.w"]
        rest = across * (u - (u @ w) / (w @ w) * w)
        return {"input.u": (factor / (w @ w) * w + rest).astype(np.float32).astype(np.float64)}

    return change


def unit_normal(arrays: Arrays) -> Arrays:
    """3/5, 4/5 and nothing, as float32 has them."""
    w = np.zeros_like(arrays["input.w"])
    w[:2] = 0.6, -0.8
    return {"input.w": w.astype(np.float32).astype(np.float64)}


def in_the_plane(arrays: Arrays) -> Arrays:
    """w = (2, −1, ½), b = ½, and z with ⟨w, z⟩ = −½ exactly."""
    z = np.round(arrays["input.z"] * 16) / 16
    z[:, 1] = 2 * z[:, 0] + z[:, 2] / 2 + 0.5
    return {"input.z": z, "input.w": np.array([2.0, -1.0, 0.5]), "input.b": np.asarray(0.5)}


def of(constraint: str) -> list[Ask]:
    def asked(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
        return Ask(f"{constraint}: {comment}", flags or ("primes",), regime, sizes, {"constraint": constraint}, change)

    strong = [
        asked("⟨u, w⟩ of about −3", "primes", "folded", change=along(-3.0)),
        asked("⟨u, w⟩ of about −40", "primes", "folded", change=along(-40.0)),
        asked("u across w", "primes", "across", change=along(0.0, 1.0)),
    ] if constraint == "none" else [
        asked("⟨u, w⟩ of about −3", "primes", "pressed", change=along(-3.0)),
        asked("⟨u, w⟩ of about −20", "primes", "pressed", change=along(-20.0)),
        asked("⟨u, w⟩ of about 0.54, where sp is one", "primes", "across", change=along(0.5413)),
    ]
    return [
        asked("drawn numbers"),
        asked("seven components", sizes={"B": 3, "D": 7}),
        asked("as many examples as components", "square", sizes={"B": 3, "D": 3}),
        asked("one example", "single_example", sizes={"B": 1, "D": 3}),
        *strong,
        asked("⟨u, w⟩ of about 30", "primes", "stretched_along", change=along(30.0)),
        asked("a normal of length one", "primes", "unit_normal", change=unit_normal),
        asked("a short normal", "primes", "short_normal", change=scaled(2.0**-5, "w")),
        asked("a long normal", "primes", "long_normal", change=scaled(2.0**3, "w")),
        asked("points of their planes", "primes", "in_the_plane", change=in_the_plane),
        asked("planes far away", "primes", "far_planes", change=put(b=20.0)),
        asked("numbers of 53 bits", "primes", "full", change=thirds),
    ]


MORE = [
    Ask("softplus: one component", ("single_axis",), sizes={"B": 5, "D": 1}, options={"constraint": "softplus"}),
    Ask("softplus: no bias", ("primes", "no_bias"), "unit", VECTOR, {"constraint": "softplus"}, put(b=0.0)),
    Ask("softplus: of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR, {"constraint": "softplus"}),
    Ask("none: arrays that nearly agree", ("primes", "near"), "near", VECTOR, {"constraint": "none"}),
    Ask("softplus: points around 3, eleven components", ("primes", "offset"), "unit", {"B": 2, "D": 11},
        {"constraint": "softplus"}, both(scaled(0.25, "w"), moved(3.0, "z"))),
]


def back(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
    return Ask(comment, flags or ("primes",), regime, sizes, change=change)


INVERSE = [
    back("drawn numbers"),
    back("other numbers"),
    back("seven components", sizes={"B": 3, "D": 7}),
    back("as many examples as components", "square", sizes={"B": 3, "D": 3}),
    back("one component", "single_axis", sizes={"B": 5, "D": 1}),
    back("one example", "single_example", sizes={"B": 1, "D": 3}),
    back("⟨u, w⟩ of about −3", "primes", "pressed", change=along(-3.0)),
    back("⟨u, w⟩ of about −8", "primes", "pressed", change=along(-8.0)),
    back("⟨u, w⟩ of about −20", "primes", "pressed", change=along(-20.0)),
    back("⟨u, w⟩ of about −20, points near the plane", "primes", "pressed",
         change=both(along(-20.0), scaled(2.0**-8, "x"), put(b=2.0**-10))),
    back("⟨u, w⟩ of about 0.54, where sp is one", "primes", "across", change=along(0.5413)),
    back("⟨u, w⟩ of about 30", "primes", "stretched_along", change=along(30.0)),
    back("⟨u, w⟩ of about 30, points of 20 planes", "primes", "stretched_along",
         change=both(along(30.0), scaled(2.0**4, "x"))),
    back("a normal of length one", "primes", "unit_normal", change=unit_normal),
    back("a short normal", "primes", "short_normal", change=scaled(2.0**-5, "w")),
    back("a long normal", "primes", "long_normal", change=scaled(2.0**3, "w")),
    back("planes far away", "primes", "far_planes", change=put(b=20.0)),
    back("no bias", "primes", "no_bias", change=put(b=0.0)),
    back("of the order of 1e-5", "primes", "tiny", regime="tiny"),
    back("arrays that nearly agree", "primes", "near", regime="near"),
    back("numbers of 53 bits", "primes", "full", change=thirds),
]
CASES = {"planar_transform": [*(ask for constraint in ("none", "softplus") for ask in of(constraint)), *MORE,
          *long({"B": 2, "D": 130}, {"B": 130, "D": 2}, constraint="softplus")],
         "planar_inverse": INVERSE}


def folding(case: Case) -> Case:
    """u = −3 w/‖w‖², points near their plane: without the constraint the determinant is below zero."""
    w = case.arrays["input.w"]
    return replace(changed(case, u=lambda u: -3 * w / (w @ w), z=lambda z: z / 16, b=lambda b: 0 * b),
                   id=f"{case.reference}/folded", flags=("folded",))


def killing(ref: Any, seed: int, cases: list[Case]) -> list[Case]:
    return [folding(draw(ref, seed, options={"constraint": "none"}))]


KILLING = {"planar_transform": killing}
