"""Games of all three methods: of one step and of many, wide and narrow, and that of two numbers."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Ask, both, put, scaled, thirds

NOTES = {
    "single_step": "a chain of one step: no error can hide in the chaining",
    "short_game": "steps of the order of 1e-3: the methods nearly agree, and differ in η² alone",
    "bold": "ηs above one: extragradient spirals out as well",
    "two_numbers": "the game of xy or of −xy, of the textbooks",
    "one_at_rest": "one player at zero: of the first gradients one vanishes",
    "no_game": "A = 0: nobody moves",
    "long_game": "eleven steps: what is wrong a little in each has grown",
    "own_inverse": "an orthogonal matrix: both players turn at one rate",
    "skew_game": "A = −Aᵀ: what takes A for Aᵀ has a sign wrong everywhere",
    "full": "numbers that use all bits of a float64: products and sums round",
}
WIDE, TALL, SQUARE = {"B": 5, "D": 2, "E": 7}, {"B": 2, "D": 7, "E": 3}, {"B": 3, "D": 3, "E": 3}
NUMBERS = {"B": 5, "D": 1, "E": 1}
ROTATION = [[0.6, -0.8, 0.0], [0.0, 0.0, 1.0], [0.8, 0.6, 0.0]]


def of(method: str) -> list[Ask]:
    def asked(comment: str, *flags: str, steps: int = 3, sizes: Any = None, regime: str = "unit",
              change: Any = None) -> Ask:
        options = {"method": method, "steps": steps}
        return Ask(f"{method}: {comment}", flags or ("primes",), regime, sizes or {}, options, change)

    found = [
        asked("three steps"),
        asked("one step, wide", "primes", "single_step", steps=1, sizes=WIDE),
        asked("seven steps, tall", steps=7, sizes=TALL),
        asked("as many pairs as components of either", "square", sizes=SQUARE),
        asked("two numbers, xy", "two_numbers", sizes=NUMBERS, change=put(matrix=[[1.0]], step=0.25)),
        asked("short steps", "primes", "short_game", change=put(step=2.0**-10)),
        asked("bold steps", "primes", "bold", change=put(step=3.0)),
        asked("magnitudes from 1e-3 to 20", "primes", "mixed", steps=2, sizes=WIDE, regime="mixed"),
    ]
    if method != "alternating":
        found += [asked("eleven steps", "primes", "long_game", steps=11, change=put(step=0.125))]
    return found


MORE = [
    Ask("alternating: one pair", ("single_example",), sizes={"B": 1, "D": 3, "E": 2},
        options={"method": "alternating", "steps": 3}),
    Ask("alternating: two numbers, −xy", ("two_numbers",), sizes=NUMBERS, options={"method": "alternating", "steps": 5},
        change=put(matrix=[[-1.0]], step=0.5)),
    Ask("extragradient: y at rest", ("primes", "one_at_rest"), options={"method": "extragradient", "steps": 2},
        change=scaled(0, "y")),
    Ask("simultaneous: x at rest", ("primes", "one_at_rest"), options={"method": "simultaneous", "steps": 2},
        change=scaled(0, "x")),
    Ask("extragradient: no game", ("primes", "no_game"), options={"method": "extragradient", "steps": 3},
        change=scaled(0, "matrix")),
    Ask("extragradient: an orthogonal matrix", ("square", "own_inverse"), sizes=SQUARE,
        options={"method": "extragradient", "steps": 5}, change=put(matrix=ROTATION, step=0.5)),
    Ask("simultaneous: a skew matrix", ("square", "skew_game"), sizes=SQUARE,
        options={"method": "simultaneous", "steps": 3},
        change=put(matrix=np.array([[0, 2, -3], [-2, 0, 5], [3, -5, 0]]) / 4)),
    Ask("alternating: of the order of 1e-5", ("primes", "tiny"), "tiny", {}, {"method": "alternating", "steps": 3}),
    Ask("alternating: players around 30", ("primes", "offset"), "offset", WIDE, {"method": "alternating", "steps": 2},
        both(scaled(2.0**-5, "matrix"), put(step=0.5))),
    Ask("extragradient: numbers of 53 bits", ("primes", "full"), options={"method": "extragradient", "steps": 3},
        change=thirds),
]
CASES = {"bilinear_game": [
    *(ask for method in ("simultaneous", "alternating", "extragradient") for ask in of(method)), *MORE]}
