"""Softplus and log-sigmoid: from zero to both tails, for examples of every rank."""

from refdgm.evidence.ask import Ask, moved, put, scaled
from refdgm.evidence.rare import changed, times

NOTES = {
    "lower_tail": "far below zero: one of the two functions is e^x there, the other x",
    "upper_tail": "far above zero: one of the two functions is x there, the other −e^{−x}",
    "threshold": "around 20: libraries that take x for softplus(x) from there on keep ten digits, of its slope nine",
    "rank_three": "examples of rank two",
    "bare": "one number an example",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 5, "...": (2, 3)}
LIST = [
    Ask("plain numbers", sizes=VECTOR),
    Ask("plain numbers, other signs", sizes=VECTOR),
    Ask("more components than examples", sizes={"B": 2, "...": (11,)}),
    Ask("more examples than components", sizes={"B": 13, "...": (2,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (7,)}),
    Ask("one number an example", ("bare",), sizes={"B": 7, "...": ()}),
    Ask("matrices", ("primes", "rank_three"), sizes=MATRIX),
    Ask("matrices, magnitudes from 1e-3 to 20", ("primes", "rank_three", "mixed"), "mixed", MATRIX),
    Ask("numbers of the order of 1e-5", ("primes", "tiny"), "tiny", VECTOR),
    Ask("numbers of the order of 1e-12", ("primes", "tiny"), sizes=VECTOR, change=scaled(2.0**-40, "x")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR),
    Ask("numbers of the order of 15", ("primes", "extreme", "lower_tail", "upper_tail"), "extreme", VECTOR),
    Ask("numbers of the order of 100", ("primes", "extreme", "lower_tail", "upper_tail"), "extreme", VECTOR,
        change=scaled(8, "x")),
    Ask("numbers around 30", ("primes", "offset", "upper_tail"), "offset", VECTOR),
    Ask("numbers around −30", ("primes", "offset", "lower_tail"), "offset", VECTOR, change=scaled(-1, "x")),
    Ask("numbers around 600", ("primes", "offset", "upper_tail"), "offset", VECTOR, change=moved(570.0, "x")),
    Ask("numbers around −600", ("primes", "offset", "lower_tail"), "offset", VECTOR, change=moved(-630.0, "x")),
    Ask("around 20 and −20", ("primes", "threshold"), sizes=VECTOR,
        change=put(x=[[19.5, 20.0, 20.5], [-19.5, -20.0, -20.5], [19.96875, 20.03125, 22.0], [-22.0, 18.0, 24.0],
                      [-18.0, 0.5, -0.5]])),
    Ask("where 1 + e^x begins to round", ("primes", "upper_tail", "lower_tail"), sizes=VECTOR,
        change=put(x=[[36.0, 36.75, 37.5], [-36.0, -36.75, -37.5], [16.0, 16.5, 17.5], [-16.0, -16.5, -17.5],
                      [0.0, 1.0, -1.0]])),
    Ask("zero, and its neighbours", ("primes", "tiny"), sizes=VECTOR,
        change=put(x=[[0.0, 2.0**-60, -(2.0**-60)], [2.0**-30, -(2.0**-30), 2.0**-100], [0.125, -0.125, 0.25],
                      [1.0, -1.0, 0.5], [2.0, -2.0, -0.5]])),
]

CASES = {"softplus": LIST, "log_sigmoid": LIST}
RARE = {"softplus": (lambda case: changed(case, x=times(99)),)}
