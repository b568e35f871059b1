"""Other mean fields under the same name."""

from typing import Any

from refdgm.energy.dbm_mean_field import dbm_mean_field
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

BODY = dbm_mean_field.body


@variant("from a pass upwards with 2 W¹, whatever start is given", dbm_mean_field)
def by_recognition(v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int) -> Any:
    """The start of Salakhutdinov's code: one pass upwards, with the weights of the first layer doubled for want of what
    would come from above."""
    xp = namespace(v)
    first, off1 = halves(2 * (v @ W1.T) + c1)
    second, off2 = halves(first @ W2.T + c2)
    means, right = BODY(v, second, W1, W2, c1, c2, iterations=iterations)

    def pullback(*bars: Array) -> dict[str, Array]:
        g = right(*bars)
        a2 = g["start"] * second * off2
        a1 = (a2 @ W2) * first * off1
        return {"v": g["v"] + 2 * (a1 @ W1), "start": 0 * g["start"], "W1": g["W1"] + 2 * (a1.T @ v),
                "W2": g["W2"] + a2.T @ first, "c1": g["c1"] + xp.sum(a1, axis=0), "c2": g["c2"] + xp.sum(a2, axis=0)}

    return means, pullback
