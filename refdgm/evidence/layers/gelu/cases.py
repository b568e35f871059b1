"""Numbers that a normal chance gates: near zero, where the slope vanishes, where it saturates, and in both tails."""

from typing import Any

from refdgm.evidence.ask import Ask, long, moved, put, scaled, thirds
from refdgm.evidence.rare import changed

NOTES = {
    "far_below": "far below zero: the chance is far below one, and what is formed as 1 + tanh has lost it",
    "far_above": "far above zero: the result is x, its slope one",
    "least": "around the least value: the slope passes through zero",
    "bare": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 3, "...": (2, 5)}
CASES = {
    "gelu": [
        Ask("plain numbers", sizes=VECTOR),
        Ask("plain numbers, other signs", sizes=VECTOR),
        Ask("more components than examples", sizes={"B": 2, "...": (11,)}),
        Ask("more examples than components", sizes={"B": 13, "...": (2,)}),
        Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
        Ask("one example", ("single_example",), sizes={"B": 1, "...": (7,)}),
        Ask("one number an example", ("bare",), sizes={"B": 7, "...": ()}),
        Ask("matrices", sizes=MATRIX),
        Ask("matrices, magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MATRIX),
        Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
        Ask("numbers of the order of 1e-12", ("primes", "tiny"), sizes=VECTOR, change=scaled(2.0**-40, "x")),
        Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
        Ask("numbers of the order of 4", ("primes", "far_below", "far_above"), sizes=VECTOR, change=scaled(4.0, "x")),
        Ask("numbers of the order of 15", ("primes", "extreme", "far_below", "far_above"), "extreme", VECTOR),
        Ask("numbers around 30", ("primes", "offset", "far_above"), "offset", VECTOR),
        Ask("numbers around 600", ("primes", "offset", "far_above"), "offset", VECTOR, change=moved(570.0, "x")),
        Ask("from −8 to −2", ("primes", "far_below"), sizes=VECTOR,
            change=put(x=[[-2, -2.5, -3], [-3.5, -4, -4.5], [-5, -5.5, -6], [-6.5, -7, -7.5], [-8, -2.25, -4.75]])),
        Ask("from −22 to −9", ("primes", "far_below"), sizes=VECTOR,
            change=put(x=[[-9, -9.5, -10], [-11, -11.75, -12.5], [-13, -14, -15], [-16, -17.25, -18],
                          [-20, -21, -22]])),
        Ask("from 2 to 8", ("primes", "far_above"), sizes=VECTOR,
            change=put(x=[[2, 2.5, 3], [3.1875, 4, 4.5], [5, 5.5, 6], [6.5, 7, 7.5], [8, 2.25, 4.75]])),
        Ask("around the least value", ("primes", "least"), sizes=VECTOR,
            change=put(x=[[-0.75, -0.7518, -0.7813], [-0.5, -1, -0.625], [-0.7188, -0.7517, -0.875],
                          [-1.25, -1.5, -0.25], [-0.7515, -0.752, -2]])),
        Ask("zero, and its neighbours", ("primes", "tiny"), sizes=VECTOR,
            change=put(x=[[0.0, 2.0**-60, -(2.0**-60)], [2.0**-30, -(2.0**-30), 2.0**-100], [0.125, -0.125, 0.25],
                          [1.0, -1.0, 0.5], [2.0, -2.0, -0.5]])),
        Ask("where a slope is above one", ("primes",), sizes=VECTOR,
            change=put(x=[[1, 0.84, 1.5], [0.75, 1.25, 1.75], [2, 1.4142, 2.5], [0.9, 1.375, 1.625],
                          [0.5, 3, 1.0625]])),
        Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
        *long({"B": 2, "...": (130,)}, {"B": 65, "...": (2,)}, {"B": 1, "...": (1025,)}),
    ],
}



def at_the_ends(x: Any) -> Any:
    """The first number is zero, the last beyond where bfloat16 has a slope of one."""
    flat = x.reshape(-1).copy()
    flat[0], flat[-1] = 0.0, 3.25
    return flat.reshape(x.shape)


RARE = {"gelu": (lambda case: changed(case, x=at_the_ends),)}
