"""Numbers that gate themselves: near zero, where the slope vanishes, and in both tails."""

from refdgm.evidence.ask import Ask, long, moved, put, scaled, thirds

NOTES = {
    "far_below": "far below zero: the chance is far below one, and what is formed as 1 + tanh has lost it",
    "far_above": "far above zero: the result is x, its slope one",
    "least": "around the least value: the slope passes through zero",
    "bare": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 3, "...": (2, 5)}
LIST = [
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
    Ask("numbers of the order of 15", ("primes", "extreme", "far_below", "far_above"), "extreme", VECTOR),
    Ask("numbers around 30", ("primes", "offset", "far_above"), "offset", VECTOR),
    Ask("numbers around 600", ("primes", "offset", "far_above"), "offset", VECTOR, change=moved(570.0, "x")),
    Ask("from −8 to −2", ("primes", "far_below"), sizes=VECTOR,
        change=put(x=[[-2, -2.5, -3], [-3.5, -4, -4.5], [-5, -5.5, -6], [-6.5, -7, -7.5], [-8, -2.25, -4.75]])),
    Ask("from 2 to 8", ("primes", "far_above"), sizes=VECTOR,
        change=put(x=[[2, 2.5, 3], [3.5, 4, 4.5], [5, 5.5, 6], [6.5, 7, 7.5], [8, 2.25, 4.75]])),
    Ask("around the least values", ("primes", "least"), sizes=VECTOR,
        change=put(x=[[-1.25, -1.2783, -1.3125], [-0.75, -0.7524, -0.7813], [-1, -1.5, -0.5], [-1.2785, -0.7525, -2],
                      [-1.125, -0.625, -0.875]])),
    Ask("zero, and its neighbours", ("primes", "tiny"), sizes=VECTOR,
        change=put(x=[[0.0, 2.0**-60, -(2.0**-60)], [2.0**-30, -(2.0**-30), 2.0**-100], [0.125, -0.125, 0.25],
                      [1.0, -1.0, 0.5], [2.0, -2.0, -0.5]])),
    Ask("where a slope is above one", ("primes",), sizes=VECTOR,
        change=put(x=[[1, 1.28, 1.5], [0.75, 1.25, 1.75], [2, 2.25, 2.5], [1.125, 1.375, 1.625], [0.5, 3, 1.0625]])),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    *long({"B": 2, "...": (130,)}, {"B": 65, "...": (2,)}, {"B": 1, "...": (1025,)}),
]
CASES = {
    "silu": [*LIST, Ask("numbers of the order of 100", ("primes", "extreme", "far_below"), "extreme", VECTOR,
                        change=scaled(8, "x"))],
    "gelu_tanh": LIST,
}
