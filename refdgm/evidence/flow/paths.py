"""What the cases of straight paths share, and bodies of any such path, rightly differentiated."""

from typing import Any

from refdgm.evidence.ask import put
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

NOTES = {
    "image": "examples of rank three, as images are",
    "full": "numbers that use all bits of a float64: products and sums round",
    "no_axes": "one number an example",
    "near_noise": "times near 0: nearly noise",
    "near_data": "times near 1: nearly data, and 1 − t is small",
    "midway": "t = ½ for all: what exchanges t and 1 − t is not seen",
    "spread": "the examples from the noise to the data: one time taken for another shows",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 7, "...": (3, 2)}
IMAGE = {"B": 5, "...": (2, 3, 2)}
EARLY = [2.0**-k for k in (4, 6, 9, 12, 16)]
LATE = [1 - 2.0**-k for k in (4, 6, 8, 10, 12)]
SPREAD = [0.0009765625, 0.25, 0.4375, 0.8125, 0.984375]
HALF = [0.5] * 5


def at(t: list[float], **more: Any) -> Any:
    return put(t=t, **more)


Weight = tuple[Any, Any, Any]  # of an array in a sum: the number, and its slopes in t and in σ


def straight(x0: Array, x1: Array, t: Array, path: tuple[Weight, Weight], along: tuple[Weight, Weight]) -> Any:
    """x_t and u as sums of x₀ and x₁ with these weights."""
    xp = namespace(x0)

    def weighed(weights: tuple[Weight, Weight], kind: int) -> Array:
        a, b = (against(weight[kind] + 0 * t, x0) for weight in weights)
        return a * x0 + b * x1

    def pulled(bars: tuple[Array, Array], which: int) -> Array:
        a, b = (against(weights[which][0] + 0 * t, x0) for weights in (path, along))
        return a * bars[0] + b * bars[1]

    def pullback(*bars: Array) -> dict[str, Array]:
        moved = [[weighed(weights, kind) for weights in (path, along)] for kind in (1, 2)]
        return {"x0": pulled(bars, 0), "x1": pulled(bars, 1),
                "t": inner(bars[0], moved[0][0]) + inner(bars[1], moved[0][1]),
                "sigma_min": xp.sum(bars[0] * moved[1][0] + bars[1] * moved[1][1])}

    return (weighed(path, 0), weighed(along, 0)), pullback
