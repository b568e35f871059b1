"""Coupling layers there and back, with both scales: weak and strong, of vectors and of images."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, long, moved, put, scaled, thirds

NOTES = {
    "untrained_scale": "r = 0 and t = 0, as an untrained network gives them",
    "half_scale": "r = −2: σ(r + 2) is ½",
    "contracted": "r far below zero: e^s is small, and e^{−s} large",
    "expanded": "r far above zero: e^s is large, or σ nearly one, and log σ far below the rounding of one",
    "balanced_scales": "s of both signs that nearly cancel in their sum",
    "shift_alone": "x = 0: the image is the shift or its way back",
    "shift_off": "t = 0: whether it is added before or after the scale does not show",
    "returning": "x nearly t: what is left of it on the way back is a small difference",
    "image": "examples of rank three, as images are",
    "no_axes": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
IMAGE = {"B": 5, "...": (2, 3, 2)}


def balanced(arrays: Arrays) -> Arrays:
    """The second r of an example is minus the first but for 2⁻¹⁰, the third is 2⁻¹¹."""
    r = arrays["input.log_scale"].copy()
    r[:, 1], r[:, 2] = 2.0**-10 - r[:, 0], 2.0**-11
    return {"input.log_scale": r}


def returning(arrays: Arrays) -> Arrays:
    x, t = arrays["input.x"], arrays["input.shift"]
    return {"input.x": (t + np.round(x * 64) / 2.0**12).astype(np.float32).astype(np.float64)}


def of(direction: str, scale: str) -> list[Ask]:
    def asked(comment: str, *flags: str, sizes: Any = VECTOR, regime: str = "unit", change: Any = None) -> Ask:
        options = {"direction": direction, "scale": scale}
        return Ask(f"{direction}, {scale}: {comment}", flags or ("primes",), regime, sizes, options, change)

    found = [
        asked("drawn numbers"),
        asked("r far below zero", "primes", "contracted", change=moved(-12.0, "log_scale")),
        asked("r far above zero", "primes", "expanded", change=moved(12.0, "log_scale")),
        asked("magnitudes from 1e-3 to 20", "primes", "mixed", regime="mixed"),
    ]
    if (direction, scale) in (("forward", "exp"), ("inverse", "sigmoid")):
        found += [
            asked("images", "image", sizes=IMAGE),
            asked("as many examples as components", "square", sizes={"B": 3, "...": (3,)}),
            asked("numbers of 53 bits", "primes", "full", change=thirds),
        ]
    if (direction, scale) == ("inverse", "sigmoid"):
        found += [asked("half", "primes", "half_scale", change=put(log_scale=np.full((5, 3), -2.0))),
                  asked("near the shift", "primes", "returning", change=returning)]
    return found


MORE = [
    Ask("forward, exp: an untrained network", ("primes", "untrained_scale"), sizes=VECTOR,
        change=scaled(0, "log_scale", "shift")),
    Ask("forward, exp: volumes that nearly stay", ("primes", "balanced_scales"), sizes=VECTOR, change=balanced),
    Ask("inverse, exp: volumes that nearly stay", ("primes", "balanced_scales"), sizes=VECTOR,
        options={"direction": "inverse", "scale": "exp"}, change=balanced),
    Ask("inverse, exp: the origin", ("primes", "shift_alone"), sizes=VECTOR,
        options={"direction": "inverse", "scale": "exp"}, change=scaled(0, "x")),
    Ask("inverse, exp: no shift", ("primes", "shift_off"), sizes=VECTOR,
        options={"direction": "inverse", "scale": "exp"}, change=scaled(0, "shift")),
    Ask("inverse, sigmoid: one number an example", ("no_axes",), sizes={"B": 5, "...": ()},
        options={"direction": "inverse", "scale": "sigmoid"}),
    Ask("forward, sigmoid: one component", ("single_axis",), sizes={"B": 5, "...": (1,)},
        options={"direction": "forward", "scale": "sigmoid"}),
    Ask("inverse, exp: one example", ("single_example",), sizes={"B": 1, "...": (3,)},
        options={"direction": "inverse", "scale": "exp"}),
    Ask("forward, sigmoid: square images", ("square", "image"), sizes={"B": 3, "...": (3, 3)},
        options={"direction": "forward", "scale": "sigmoid"}),
    Ask("forward, exp: matrices around 30", ("primes", "offset"), sizes={"B": 5, "...": (3, 2)},
        change=moved(30.0, "x", "shift")),
    Ask("forward, sigmoid: of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR,
        {"direction": "forward", "scale": "sigmoid"}),
]
WAYS = ("forward", "inverse")
CASES = {"affine_coupling": [*(ask for way in WAYS for scale in ("exp", "sigmoid") for ask in of(way, scale)), *MORE,
          *long({"B": 2, "...": (130,)}, direction="forward", scale="exp")]}
